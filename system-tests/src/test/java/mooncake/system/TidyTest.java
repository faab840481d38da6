package mooncake.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mooncake.testing.Checkout;
import org.junit.jupiter.api.Test;

/// What keeps the tree readable, checked on the files themselves.
class TidyTest {
    private static final int LINE_MAX = 120;
    private static final int JAVA_LINES_MAX = 600;
    private static final int C_LINES_MAX = 800;
    private static final int METHOD_LINES_MAX = 70;
    private static final int SHOWN = 5;

    /// Pages, and corpora that hold one statement or case a line.
    private static final String TABLES_OF_TEXT = ".*\\.(md|xml)|extension/test/sql/.*|.*/src/test/resources/.*";

    private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\]|\\\\.)*\"");
    private static final String LEFTOVER = "TO" + "DO|FIX" + "ME|XX" + "X";

    private static final SourceTree TREE = SourceTree.read(Checkout.root());

    @Test
    void noMarksAreLeftOver() {
        Pattern marks = Pattern.compile("\\b(" + LEFTOVER + ")\\b");
        assertThat(lines(TREE.where(path -> !path.endsWith(".xml")), marks)).isEmpty();
    }

    @Test
    void theEngineNeverPrints() {
        Pattern prints = Pattern.compile("System\\.(out|err)\\b|printStackTrace|\\bIO\\.print");
        Map<String, List<String>> engine = TREE.where(path -> path.endsWith(".java")
                && path.contains("/src/main/")
                && !path.startsWith("testing/")
                && !path.startsWith("benchmarks/")
                && !path.startsWith("chaos/")
                && !path.startsWith("diff/"));
        assertThat(lines(engine, prints)).isEmpty();
    }

    /// A message in quotes may run on: cut in two it could no longer be searched for.
    @Test
    void linesFitOnAScreen() {
        List<String> tooLong = new ArrayList<>();
        TREE.where(path -> !path.matches(TABLES_OF_TEXT)).forEach((path, lines) -> {
            boolean inTextBlock = false;
            for (int i = 0; i < lines.size(); i++) {
                boolean quotes = (lines.get(i).split("\"\"\"", -1).length - 1) % 2 == 1;
                boolean text = inTextBlock || quotes;
                inTextBlock ^= quotes;
                if (!text && width(TEXT.matcher(lines.get(i)).replaceAll("\"\"")) > LINE_MAX) {
                    tooLong.add(path + ":" + (i + 1));
                }
            }
        });
        assertThat(tooLong).as("lines of more than %d characters", LINE_MAX).isEmpty();
    }

    @Test
    void filesAndMethodsStaySmall() {
        List<Path> files =
                TREE.java().keySet().stream().map(TREE.root()::resolve).toList();
        List<JavaMethods.Method> methods = JavaMethods.of(files).stream()
                .sorted(Comparator.comparingLong(JavaMethods.Method::lines).reversed())
                .toList();
        List<Map.Entry<String, Integer>> sizes = TREE.where(path -> path.matches(".*\\.(java|c|h)")).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().size()))
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .toList();

        System.out.println("Longest files:");
        sizes.stream().limit(SHOWN).forEach(size -> System.out.println("  " + size.getValue() + " " + size.getKey()));
        System.out.println("Longest methods:");
        methods.stream()
                .limit(SHOWN)
                .forEach(method -> System.out.println("  " + method.lines() + " " + method.where()));

        assertThat(sizes.stream()
                        .filter(size ->
                                size.getValue() > (size.getKey().endsWith(".java") ? JAVA_LINES_MAX : C_LINES_MAX))
                        .toList())
                .as("files that are too long")
                .isEmpty();
        assertThat(methods).isNotEmpty();
        assertThat(methods.stream()
                        .filter(method -> method.lines() > METHOD_LINES_MAX)
                        .toList())
                .as("methods that are too long")
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> packages = new TreeSet<>();
        TREE.mainJava().keySet().forEach(path -> packages.add(path.substring(0, path.lastIndexOf('/'))));
        for (String folder : packages) {
            List<String> info = TREE.files().get(folder + "/package-info.java");
            assertThat(info).as("package-info of %s", folder).isNotNull();
            assertThat(String.join("\n", info))
                    .as(folder)
                    .contains("@NullMarked")
                    .startsWith("///");
        }
    }

    /// A class that no other file names, a script that nobody calls, a page that no page links to.
    @Test
    void noFileIsDead() {
        List<String> dead = new ArrayList<>();
        TREE.mainJava().forEach((path, lines) -> {
            String name = simpleName(path);
            boolean main = lines.stream().anyMatch(line -> line.contains("static void main("));
            if (!name.equals("package-info") && !main && !namedElsewhere(path, name)) {
                dead.add(path);
            }
        });
        TREE.where(path -> path.startsWith("tools/") || path.endsWith(".h"))
                .keySet()
                .forEach(path -> {
                    if (!namedElsewhere(path, Path.of(path).getFileName().toString())) {
                        dead.add(path);
                    }
                });
        TREE.where(path -> path.startsWith("docs/")).keySet().forEach(path -> {
            if (!namedElsewhere(path, Path.of(path).getFileName().toString())) {
                dead.add(path);
            }
        });
        assertThat(dead).isEmpty();
    }

    @Test
    void pagesHaveOneTitle() {
        TREE.markdown().forEach((path, lines) -> {
            List<String> titles =
                    prose(lines).stream().filter(line -> line.startsWith("# ")).toList();
            assertThat(titles).as("titles of %s", path).hasSize(1);
            assertThat(lines.getFirst()).as("first line of %s", path).startsWith("# ");
        });
    }

    /// Paths in links and in code spans, and names in code spans that look like a class, exist.
    @Test
    void whatPagesNameExists() {
        Pattern link = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
        Pattern span = Pattern.compile("`([^`]+)`");
        Set<String> words = words();
        List<String> missing = new ArrayList<>();
        TREE.markdown().forEach((path, lines) -> {
            Path folder = TREE.root().resolve(path).getParent();
            for (String line : prose(lines)) {
                for (Matcher found = link.matcher(line); found.find(); ) {
                    if (folder == null || !Files.exists(folder.resolve(found.group(1)))) {
                        missing.add(path + ": " + found.group(1));
                    }
                }
                for (Matcher found = span.matcher(line); found.find(); ) {
                    if (!exists(found.group(1), words)) {
                        missing.add(path + ": " + found.group(1));
                    }
                }
            }
        });
        assertThat(missing).isEmpty();
    }

    private static boolean exists(String span, Set<String> words) {
        if (span.matches("[A-Za-z0-9_.{},*-]+(/[A-Za-z0-9_.{},*-]+)+/?")) {
            String first = span.substring(0, span.indexOf('/'));
            boolean ours =
                    Files.isDirectory(TREE.root().resolve(first)) && !first.equals("build") && !span.contains("*");
            return !ours || Files.exists(TREE.root().resolve(span));
        }
        if (span.matches("[A-Z][a-z0-9]+([A-Z][A-Za-z0-9]*)+(\\.[A-Za-z]+)*")) {
            return words.contains(span.contains(".") ? span.substring(0, span.indexOf('.')) : span);
        }
        return true;
    }

    /// Every word of the sources, so that a page can also name a class of a library that the code uses.
    private static Set<String> words() {
        Pattern word = Pattern.compile("\\w+");
        return TREE.where(path -> !path.endsWith(".md")).values().stream()
                .flatMap(List::stream)
                .flatMap(line -> word.matcher(line).results().map(found -> found.group()))
                .collect(Collectors.toSet());
    }

    private static boolean namedElsewhere(String path, String name) {
        Pattern word = Pattern.compile("\\b" + Pattern.quote(name) + "\\b");
        return TREE.files().entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(path)
                        && entry.getValue().stream()
                                .anyMatch(line -> word.matcher(line).find()));
    }

    private static String simpleName(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return file.substring(0, file.length() - ".java".length());
    }

    private static List<String> lines(Map<String, List<String>> files, Pattern pattern) {
        List<String> found = new ArrayList<>();
        files.forEach((path, lines) -> {
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(path + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        });
        return found;
    }

    /// A page's lines outside its code blocks.
    private static List<String> prose(List<String> lines) {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : lines) {
            if (line.strip().startsWith("```")) {
                code = !code;
            } else if (!code) {
                prose.add(line);
            }
        }
        return prose;
    }

    /// A tab, which the C code indents with, goes to the next multiple of four.
    private static int width(String line) {
        int width = 0;
        for (int i = 0; i < line.length(); i++) {
            width = line.charAt(i) == '\t' ? width / 4 * 4 + 4 : width + 1;
        }
        return width;
    }
}
