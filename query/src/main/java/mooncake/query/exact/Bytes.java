package mooncake.query.exact;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import mooncake.model.ErrorCode;
import mooncake.model.MooncakeException;

/// Functions of bytes.
final class Bytes {
    private static final int BASE64_LINE = 76;
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Bytes() {}

    static byte[] substring(byte[] bytes, int start) {
        return Arrays.copyOfRange(bytes, (int) Math.min(bytes.length, Math.max(0L, start - 1L)), bytes.length);
    }

    static byte[] substring(byte[] bytes, int start, int length) {
        if (length < 0) {
            throw new MooncakeException(ErrorCode.NEGATIVE_LENGTH, "negative substring length not allowed");
        }
        long end = Math.min(bytes.length, Math.max(0L, (long) start - 1 + length));
        int from = (int) Math.min(bytes.length, Math.max(0L, start - 1L));
        return from >= end ? new byte[0] : Arrays.copyOfRange(bytes, from, (int) end);
    }

    static byte[] overlay(byte[] bytes, byte[] replacement, int start, int length) {
        return Strings.overlay(
                start, length, replacement, before -> substring(bytes, 1, before), after -> substring(bytes, after));
    }

    static byte[] trim(byte[] bytes, byte[] set, boolean left, boolean right) {
        int from = 0;
        int to = bytes.length;
        while (left && from < to && contains(set, bytes[from])) {
            from++;
        }
        while (right && to > from && contains(set, bytes[to - 1])) {
            to--;
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static boolean contains(byte[] set, byte wanted) {
        for (byte each : set) {
            if (each == wanted) {
                return true;
            }
        }
        return false;
    }

    static int getByte(byte[] bytes, int index) {
        requireIndex(index, bytes.length);
        return bytes[index] & 0xff;
    }

    static byte[] setByte(byte[] bytes, int index, int value) {
        requireIndex(index, bytes.length);
        byte[] changed = bytes.clone();
        changed[index] = (byte) value;
        return changed;
    }

    static int getBit(byte[] bytes, long index) {
        requireIndex(index, bytes.length * 8L);
        return bytes[(int) (index / 8)] >> (index % 8) & 1;
    }

    static byte[] setBit(byte[] bytes, long index, int value) {
        requireIndex(index, bytes.length * 8L);
        if (value != 0 && value != 1) {
            throw new MooncakeException(ErrorCode.INVALID_PARAMETER, "new bit must be 0 or 1");
        }
        byte[] changed = bytes.clone();
        int bit = 1 << (index % 8);
        int at = (int) (index / 8);
        changed[at] = (byte) (value == 1 ? changed[at] | bit : changed[at] & ~bit);
        return changed;
    }

    private static void requireIndex(long index, long length) {
        if (index < 0 || index >= length) {
            throw new MooncakeException(
                    ErrorCode.ARRAY_SUBSCRIPT, "index " + index + " out of valid range, 0.." + (length - 1));
        }
    }

    static long bitCount(byte[] bytes) {
        long count = 0;
        for (byte each : bytes) {
            count += Integer.bitCount(each & 0xff);
        }
        return count;
    }

    static byte[] digest(byte[] bytes, String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] encode(byte[] bytes, String format) {
        return switch (format.toLowerCase(java.util.Locale.ROOT)) {
            case "hex" -> HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.ISO_8859_1);
            case "base64" -> encodeBase64(bytes);
            case "escape" -> encodeEscape(bytes);
            default -> throw unknown(format);
        };
    }

    static byte[] decode(byte[] text, String format) {
        return switch (format.toLowerCase(java.util.Locale.ROOT)) {
            case "hex" -> decodeHex(text);
            case "base64" -> decodeBase64(text);
            case "escape" -> decodeEscape(text);
            default -> throw unknown(format);
        };
    }

    private static MooncakeException unknown(String format) {
        return invalid("unrecognized encoding: \"" + format + "\"");
    }

    private static MooncakeException invalid(String message) {
        return new MooncakeException(ErrorCode.INVALID_PARAMETER, message);
    }

    private static byte[] encodeBase64(byte[] bytes) {
        String whole = java.util.Base64.getEncoder().encodeToString(bytes);
        StringBuilder lines = new StringBuilder();
        for (int at = 0; at < whole.length(); at += BASE64_LINE) {
            lines.append(at == 0 ? "" : "\n").append(whole, at, Math.min(whole.length(), at + BASE64_LINE));
        }
        return lines.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] encodeEscape(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (byte each : bytes) {
            if (each <= 0) {
                out.writeBytes(String.format(java.util.Locale.ROOT, "\\%03o", each & 0xff)
                        .getBytes(StandardCharsets.ISO_8859_1));
            } else {
                if (each == '\\') {
                    out.write('\\');
                }
                out.write(each);
            }
        }
        return out.toByteArray();
    }

    private static byte[] decodeHex(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length / 2);
        int high = -1;
        for (int at = 0; at < text.length; at++) {
            if (high < 0 && isBlank(text[at])) {
                continue;
            }
            int digit = hexDigit(text, at);
            if (high < 0) {
                high = digit;
            } else {
                out.write(high << 4 | digit);
                high = -1;
            }
        }
        if (high >= 0) {
            throw invalid("invalid hexadecimal data: odd number of digits");
        }
        return out.toByteArray();
    }

    private static boolean isBlank(byte each) {
        return each == ' ' || each == '\n' || each == '\t' || each == '\r';
    }

    private static int hexDigit(byte[] text, int at) {
        int digit = text[at] >= 0 ? Character.digit(text[at], 16) : -1;
        if (digit < 0) {
            throw invalid("invalid hexadecimal digit: \"" + character(text, at) + "\"");
        }
        return digit;
    }

    private static String character(byte[] text, int at) {
        int end = Texts.next(text, at);
        return new String(text, at, end - at, StandardCharsets.UTF_8);
    }

    /// Four characters make three bytes; blanks between them count for nothing.
    private static byte[] decodeBase64(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length * 3 / 4);
        int buffer = 0;
        int position = 0;
        int end = 0;
        for (int at = 0; at < text.length; at++) {
            int character = text[at];
            if (isBlank(text[at])) {
                continue;
            }
            int value;
            if (character == '=') {
                if (end == 0) {
                    end = switch (position) {
                        case 2 -> 1;
                        case 3 -> 2;
                        default -> throw invalid("unexpected \"=\" while decoding base64 sequence");
                    };
                }
                value = 0;
            } else {
                value = character > 0 ? BASE64.indexOf(character) : -1;
                if (value < 0) {
                    throw invalid(
                            "invalid symbol \"" + character(text, at) + "\" found while decoding base64 sequence");
                }
            }
            buffer = buffer << 6 | value;
            if (++position == 4) {
                out.write(buffer >> 16);
                if (end == 0 || end > 1) {
                    out.write(buffer >> 8);
                }
                if (end == 0 || end > 2) {
                    out.write(buffer);
                }
                buffer = 0;
                position = 0;
            }
        }
        if (position != 0) {
            throw invalid("invalid base64 end sequence");
        }
        return out.toByteArray();
    }

    private static byte[] decodeEscape(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        int at = 0;
        while (at < text.length) {
            if (text[at] != '\\') {
                out.write(text[at++]);
            } else if (at + 3 < text.length && isOctal(text, at)) {
                out.write((text[at + 1] - '0') << 6 | (text[at + 2] - '0') << 3 | (text[at + 3] - '0'));
                at += 4;
            } else if (at + 1 < text.length && text[at + 1] == '\\') {
                out.write('\\');
                at += 2;
            } else {
                throw new MooncakeException(ErrorCode.INVALID_TEXT, "invalid input syntax for type bytea");
            }
        }
        return out.toByteArray();
    }

    private static boolean isOctal(byte[] text, int at) {
        return text[at + 1] >= '0'
                && text[at + 1] <= '3'
                && text[at + 2] >= '0'
                && text[at + 2] <= '7'
                && text[at + 3] >= '0'
                && text[at + 3] <= '7';
    }
}
