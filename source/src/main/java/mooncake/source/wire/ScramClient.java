package mooncake.source.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// One login by SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
///
/// The server proves at the end that it knows the password too; [#verified] tells whether it did.
final class ScramClient {
    static final String MECHANISM = "SCRAM-SHA-256";

    /// Rounds a server may ask for; more would only keep a processor busy.
    private static final int ITERATIONS_MAX = 1_000_000;

    private static final String HEADER = "n,,";

    private final String password;
    private final String nonce;
    private byte[] serverSignature = new byte[0];
    private boolean verified;

    ScramClient(String password, String nonce) {
        this.password = prepare(password);
        this.nonce = nonce;
    }

    String first() {
        return HEADER + firstBare();
    }

    /// Postgres takes the user from the startup message and wants the name here to be empty.
    private String firstBare() {
        return "n=,r=" + nonce;
    }

    /// The answer to the server's first message.
    String answer(String serverFirst) {
        Map<Character, String> fields = fields(serverFirst);
        String serverNonce = field(fields, 'r');
        if (!serverNonce.startsWith(nonce) || serverNonce.length() == nonce.length()) {
            throw refused("the server's nonce does not continue ours");
        }
        byte[] salt = decode(field(fields, 's'));
        int iterations = iterations(field(fields, 'i'));
        byte[] salted = saltedPassword(salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] storedKey = sha256(clientKey);
        String withoutProof = "c=" + Base64.getEncoder().encodeToString(HEADER.getBytes(StandardCharsets.UTF_8)) + ",r="
                + serverNonce;
        String signed = firstBare() + "," + serverFirst + "," + withoutProof;
        byte[] proof = hmac(storedKey, signed);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        serverSignature = hmac(hmac(salted, "Server Key"), signed);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    /// Checks the server's last message.
    void verify(String serverFinal) {
        Map<Character, String> fields = fields(serverFinal);
        if (fields.containsKey('e')) {
            throw refused("the server answered " + fields.get('e'));
        }
        if (serverSignature.length == 0 || !MessageDigest.isEqual(serverSignature, decode(field(fields, 'v')))) {
            throw refused("the server could not prove that it knows the password");
        }
        verified = true;
    }

    boolean verified() {
        return verified;
    }

    private byte[] saltedPassword(byte[] salt, int iterations) {
        byte[] block = new byte[salt.length + 4];
        System.arraycopy(salt, 0, block, 0, salt.length);
        block[salt.length + 3] = 1;
        Mac mac = mac(password.getBytes(StandardCharsets.UTF_8));
        byte[] round = mac.doFinal(block);
        byte[] sum = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            for (int j = 0; j < sum.length; j++) {
                sum[j] ^= round[j];
            }
        }
        return sum;
    }

    /// SASLprep without its checks, which Postgres skips as well when they fail.
    private static String prepare(String password) {
        if (password.chars().allMatch(c -> c < 0x80)) {
            return password;
        }
        StringBuilder mapped = new StringBuilder();
        password.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SPACE_SEPARATOR) {
                mapped.append(' ');
            } else if (c != 0xad && c != 0x200b && c != 0x200c && c != 0x200d && c != 0x2060 && c != 0xfeff) {
                mapped.appendCodePoint(c);
            }
        });
        return Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    }

    private static Map<Character, String> fields(String message) {
        Map<Character, String> fields = new HashMap<>();
        for (String field : message.split(",", -1)) {
            if (field.length() < 2 || field.charAt(1) != '=') {
                throw refused("malformed message");
            }
            fields.put(field.charAt(0), field.substring(2));
        }
        return fields;
    }

    private static String field(Map<Character, String> fields, char name) {
        String value = fields.get(name);
        if (value == null || fields.containsKey('m')) {
            throw refused("malformed message");
        }
        return value;
    }

    private static int iterations(String text) {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= 1 && iterations <= ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException _) {
            // Refused below, like a number out of range.
        }
        throw refused("the server asks for an iteration count that is not between 1 and " + ITERATIONS_MAX);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw refused("malformed message");
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        return mac(key).doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // The JDK wants at least one byte; HMAC pads keys with zeros, so this is the empty key.
            mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MooncakeException refused(String why) {
        return new MooncakeException(ErrorCode.POSTGRES_FAILED, "SCRAM login failed: " + why);
    }
}
