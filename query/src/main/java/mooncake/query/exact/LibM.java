package mooncake.query.exact;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The C library's mathematics, which Postgres calls too: the last bits of its results are nobody else's.
final class LibM {
    static final Unary EXP = unary("exp");
    static final Unary LOG = unary("log");
    static final Unary LOG10 = unary("log10");
    static final Unary CBRT = unary("cbrt");
    static final Unary SIN = unary("sin");
    static final Unary COS = unary("cos");
    static final Unary TAN = unary("tan");
    static final Unary ASIN = unary("asin");
    static final Unary ACOS = unary("acos");
    static final Unary ATAN = unary("atan");
    static final Unary SINH = unary("sinh");
    static final Unary COSH = unary("cosh");
    static final Unary TANH = unary("tanh");
    static final Unary ASINH = unary("asinh");
    static final Unary ACOSH = unary("acosh");
    static final Unary ATANH = unary("atanh");
    static final Binary POW = binary("pow");
    static final Binary ATAN2 = binary("atan2");

    private LibM() {}

    /// A function of one number.
    record Unary(MethodHandle handle) {
        double of(double x) {
            try {
                return (double) handle.invokeExact(x);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A function of two numbers.
    record Binary(MethodHandle handle) {
        double of(double x, double y) {
            try {
                return (double) handle.invokeExact(x, y);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Unary unary(String name) {
        return new Unary(handle(name, FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE)));
    }

    private static Binary binary(String name) {
        return new Binary(handle(
                name,
                FunctionDescriptor.of(ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE, ValueLayout.JAVA_DOUBLE)));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, Linker.Option.critical(false));
    }
}
