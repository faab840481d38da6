package mooncake.system;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// The methods of Java files with their lengths, as the compiler's parser sees them.
final class JavaMethods {
    private JavaMethods() {}

    record Method(String where, long lines) {}

    static List<Method> of(Collection<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<Method> methods = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Measure(unit, positions, methods), null);
            }
            return methods;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Measure extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods;

        Measure(CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
            this.unit = unit;
            this.positions = positions;
            this.methods = methods;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            // From the return type on: what stands in annotations, such as a table of cases, is no code.
            Tree first = method.getReturnType();
            long start = positions.getStartPosition(unit, first == null ? method : first);
            long end = positions.getEndPosition(unit, method);
            if (start >= 0 && end >= 0) {
                long firstLine = unit.getLineMap().getLineNumber(start);
                long last = unit.getLineMap().getLineNumber(end);
                String file =
                        Path.of(unit.getSourceFile().getName()).getFileName().toString();
                methods.add(new Method(file + " " + method.getName(), last - firstLine + 1));
            }
            return super.visitMethod(method, null);
        }
    }
}
