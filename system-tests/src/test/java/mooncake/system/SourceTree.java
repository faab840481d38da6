package mooncake.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The text files of a checkout by their path from its root; build results are not part of it.
record SourceTree(Path root, Map<String, List<String>> files) {
    private static final Set<String> SKIPPED = Set.of("target", "build", ".git", ".idea", "frames");
    private static final Set<String> TEXT = Set.of("java", "c", "h", "sql", "sh", "md", "xml", "control", "conf");

    static SourceTree read(Path root) {
        Map<String, List<String>> files = new TreeMap<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return SKIPPED.contains(String.valueOf(folder.getFileName()))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = file.getFileName().toString();
                    if (TEXT.contains(name.substring(name.lastIndexOf('.') + 1)) || isScript(file, name)) {
                        files.put(
                                root.relativize(file).toString(),
                                Files.readString(file, StandardCharsets.UTF_8)
                                        .lines()
                                        .toList());
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SourceTree(root, files);
    }

    private static boolean isScript(Path file, String name) {
        return name.equals("Makefile") || (!name.contains(".") && Files.isExecutable(file));
    }

    /// The files whose path holds for the condition.
    Map<String, List<String>> where(Predicate<String> condition) {
        Map<String, List<String>> chosen = new TreeMap<>(files);
        chosen.keySet().removeIf(condition.negate());
        return chosen;
    }

    Map<String, List<String>> mainJava() {
        return where(path -> path.endsWith(".java") && path.contains("/src/main/"));
    }

    Map<String, List<String>> java() {
        return where(path -> path.endsWith(".java"));
    }

    Map<String, List<String>> markdown() {
        return where(path -> path.endsWith(".md"));
    }

    Map<String, List<String>> c() {
        return where(path -> path.startsWith("extension/") && (path.endsWith(".c") || path.endsWith(".h")));
    }
}
