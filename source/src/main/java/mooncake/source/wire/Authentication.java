package mooncake.source.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;
import mooncake.source.Endpoint;
import mooncake.source.Secret;
import org.jspecify.annotations.Nullable;

/// The login of one connection: answers the server's authentication requests until it is content.
final class Authentication {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 18;

    /// Where answers go.
    @FunctionalInterface
    interface Sender {
        void send(ByteBuffer message) throws IOException;
    }

    private final Endpoint endpoint;
    private final Sender sender;
    private @Nullable ScramClient scram;

    Authentication(Endpoint endpoint, Sender sender) {
        this.endpoint = endpoint;
        this.sender = sender;
    }

    /// Handles one AuthenticationXXX payload; true when the server has let us in.
    boolean handle(byte[] bytes, int start, int end) throws IOException {
        ByteBuffer payload = ByteBuffer.wrap(bytes, start, end - start).slice();
        if (payload.remaining() < 4) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "truncated authentication request");
        }
        int request = payload.getInt();
        switch (request) {
            case 0 -> {
                if (scram != null && !scram.verified()) {
                    throw failed("the server let us in without proving that it knows the password");
                }
                return true;
            }
            case 3 -> sendPassword(password());
            case 5 -> sendPassword(md5(password(), remaining(payload)));
            case 10 -> startScram(remaining(payload));
            case 11 ->
                sender.send(MessageWriter.of('p')
                        .raw(utf8(scram().answer(text(remaining(payload)))))
                        .finish());
            case 12 -> scram().verify(text(remaining(payload)));
            default ->
                throw failed("the server asks for authentication method " + request
                        + ", which is not supported; supported are trust, peer, password, md5 and scram-sha-256");
        }
        return false;
    }

    private void startScram(byte[] list) throws IOException {
        if (!List.of(text(list).split("\0", -1)).contains(ScramClient.MECHANISM)) {
            throw failed("the server offers no " + ScramClient.MECHANISM);
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ScramClient started = new ScramClient(password(), Base64.getEncoder().encodeToString(nonce));
        scram = started;
        byte[] first = utf8(started.first());
        sender.send(MessageWriter.of('p')
                .string(ScramClient.MECHANISM)
                .int32(first.length)
                .raw(first)
                .finish());
    }

    private ScramClient scram() {
        ScramClient started = scram;
        if (started == null) {
            throw new MooncakeException(ErrorCode.PROTOCOL_VIOLATION, "a SASL message before SASL was agreed on");
        }
        return started;
    }

    private void sendPassword(String password) throws IOException {
        sender.send(MessageWriter.of('p').string(password).finish());
    }

    private String md5(String password, byte[] salt) {
        String inner = hex(md5Of(utf8(password + endpoint.user())));
        byte[] salted = Arrays.copyOf(utf8(inner), inner.length() + salt.length);
        System.arraycopy(salt, 0, salted, inner.length(), salt.length);
        return "md5" + hex(md5Of(salted));
    }

    private String password() {
        Secret password = endpoint.password();
        if (password == null) {
            throw failed("the server asks for a password and none is given");
        }
        return password.value();
    }

    private MooncakeException failed(String why) {
        return new MooncakeException(ErrorCode.POSTGRES_FAILED, "cannot log in to " + endpoint + ": " + why);
    }

    private static byte[] remaining(ByteBuffer payload) {
        byte[] rest = new byte[payload.remaining()];
        payload.get(rest);
        return rest;
    }

    private static byte[] md5Of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
