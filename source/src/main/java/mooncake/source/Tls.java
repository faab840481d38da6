package mooncake.source;

import org.jspecify.annotations.Nullable;

/// Whether a connection is encrypted and how the server proves who it is.
///
/// @param rootCertificate file of the certificates that a server's may be signed with; `system` for those of the JDK
public record Tls(Mode mode, @Nullable String rootCertificate) {
    public static final Tls NONE = new Tls(Mode.NONE, null);

    /// The value of `rootCertificate` that means the JDK's own list.
    public static final String SYSTEM = "system";

    public enum Mode {
        /// libpq's `disable`; its `allow` and `prefer` too, which promise no encryption.
        NONE("disable"),
        /// Encrypted; the certificate is looked at only when a file of roots is named.
        REQUIRE("require"),
        /// The certificate must be signed by a root.
        VERIFY_CA("verify-ca"),
        /// It must also be the certificate of the host that was named.
        VERIFY_FULL("verify-full");

        private final String option;

        Mode(String option) {
            this.option = option;
        }

        /// libpq's name for it.
        public String option() {
            return option;
        }
    }

    public boolean isUsed() {
        return mode != Mode.NONE;
    }
}
