package mooncake.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The directions in which modules and packages may know each other.
@AnalyzeClasses(packages = "mooncake", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String MODEL = "mooncake.model..";
    private static final String DUCKDB = "mooncake.duckdb..";
    private static final String SOURCE = "mooncake.source..";
    private static final String MIRROR = "mooncake.mirror..";
    private static final String LAKE = "mooncake.lake..";
    private static final String QUERY = "mooncake.query..";
    private static final String SERVER = "mooncake.server..";
    private static final String TESTING = "mooncake.testing..";
    private static final String BENCHMARKS = "mooncake.benchmarks..";
    private static final String CHAOS = "mooncake.chaos..";
    private static final String DIFF = "mooncake.diff..";

    @ArchTest
    static final ArchRule modelKnowsNobody = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DUCKDB, SOURCE, MIRROR, LAKE, QUERY, SERVER)
            .because("model holds the words that all stages share: move the class to the stage that needs the other");

    @ArchTest
    static final ArchRule duckdbKnowsOnlyModel = noClasses()
            .that()
            .resideInAPackage(DUCKDB)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SOURCE, MIRROR, LAKE, QUERY, SERVER)
            .because("the binding serves lake and query alike");

    @ArchTest
    static final ArchRule sourceStandsAlone = stage(SOURCE, DUCKDB, MIRROR, LAKE, QUERY, SERVER);

    @ArchTest
    static final ArchRule mirrorStandsAlone = stage(MIRROR, DUCKDB, SOURCE, LAKE, QUERY, SERVER);

    @ArchTest
    static final ArchRule lakeStandsAlone = stage(LAKE, SOURCE, MIRROR, QUERY, SERVER);

    @ArchTest
    static final ArchRule queryStandsAlone = stage(QUERY, SOURCE, MIRROR, LAKE, SERVER);

    @ArchTest
    static final ArchRule nobodyKnowsTheRoot = noClasses()
            .that()
            .resideOutsideOfPackages(SERVER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SERVER)
            .because("server composes the stages; what a stage needs from it is a parameter");

    @ArchTest
    static final ArchRule postgresDriverStaysAtTheEdges = noClasses()
            .that()
            .resideOutsideOfPackages(SOURCE, SERVER, LAKE, TESTING, BENCHMARKS, CHAOS, DIFF)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.postgresql..")
            .because("mirror, query and duckdb never talk to Postgres");

    @ArchTest
    static final ArchRule icebergStaysInLake = noClasses()
            .that()
            .resideOutsideOfPackages(LAKE, TESTING, CHAOS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.iceberg..", "org.apache.hadoop..")
            .because("lake alone knows how files become a table; testing and chaos read it as others do");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("mooncake.(**)").should().beFreeOfCycles();

    private static ArchRule stage(String stage, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(stage)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("stages meet in model only: put the seam there and let server connect them");
    }
}
