import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.stream.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * Prints the uses of names in the Java files of a folder that other files of it define, as lines of JSON, told by javac.
 * What the files need from elsewhere is missing; the compiler goes on without.
 */
public class Uses {
    private static Path root;
    private static Trees trees;
    private static PrintStream out;

    public static void main(String[] arguments) throws IOException {
        root = Path.of(arguments[0]).toRealPath();
        out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        List<Path> files;
        try (Stream<Path> walk = Files.walk(root)) {
            files = walk.filter(Uses::isSource).sorted().collect(Collectors.toList());
        }
        List<String> options = List.of("-proc:none", "-Xmaxerrs", "1", "-implicit:none");
        JavacTask task = (JavacTask) compiler.getTask(
            new StringWriter(), manager, problem -> {}, options, null, manager.getJavaFileObjectsFromPaths(files));
        trees = Trees.instance(task);
        List<CompilationUnitTree> units = new ArrayList<>();
        task.parse().forEach(units::add);
        task.analyze();
        for (CompilationUnitTree unit : units) {
            new Scanner(unit).scan(unit, null);
        }
        out.flush();
    }

    private static boolean isSource(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".java") && !name.equals("module-info.java") && !name.equals("package-info.java");
    }

    private static class Scanner extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;

        Scanner(CompilationUnitTree unit) {
            this.unit = unit;
        }

        @Override
        public Void visitIdentifier(IdentifierTree node, Void none) {
            tell(node.getName().toString(), trees.getSourcePositions().getStartPosition(unit, node));
            return super.visitIdentifier(node, none);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree node, Void none) {
            String name = node.getIdentifier().toString();
            tell(name, trees.getSourcePositions().getEndPosition(unit, node) - name.length());
            return super.visitMemberSelect(node, none);
        }

        private void tell(String name, long position) {
            Element element = trees.getElement(getCurrentPath());
            TreePath declared = element == null || position < 0 ? null : trees.getPath(element);
            if (declared == null || element.getKind() == ElementKind.PACKAGE || declared.getCompilationUnit() == unit) {
                return;
            }
            CompilationUnitTree there = declared.getCompilationUnit();
            long start = trees.getSourcePositions().getStartPosition(there, declared.getLeaf());
            if (start >= 0) {
                long found = named(there, element, start);
                out.printf("{\"name\": \"%s\", \"place\": %s, \"targets\": [%s], \"kind\": \"%s\"}%n",
                    name, placed(unit, position), placed(there, found), element.getKind().toString().toLowerCase());
            }
        }

        /** Where a declaration, which begins with its modifiers, has its name. */
        private long named(CompilationUnitTree there, Element element, long start) {
            boolean constructor = element.getKind() == ElementKind.CONSTRUCTOR;
            String name = (constructor ? element.getEnclosingElement() : element).getSimpleName().toString();
            try {
                CharSequence text = there.getSourceFile().getCharContent(true);
                var match = java.util.regex.Pattern.compile("\\b" + name + "\\b").matcher(text);
                return match.find((int) start) ? match.start() : start;
            } catch (IOException error) {
                return start;
            }
        }

        private String placed(CompilationUnitTree file, long position) {
            LineMap lines = file.getLineMap();
            String path = root.relativize(Path.of(file.getSourceFile().toUri())).toString().replace('\\', '/');
            return String.format("[\"%s\", %d, %d]", path, lines.getLineNumber(position) - 1, lines.getColumnNumber(position) - 1);
        }
    }
}
