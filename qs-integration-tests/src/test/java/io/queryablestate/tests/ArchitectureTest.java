package io.queryablestate.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the modules to the picture in docs/architecture.md. */
class ArchitectureTest {

    private static final String ROOT = "io.queryablestate";

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void shouldSeeEveryModule_whenClassesAreImported() {
        for (String module : new String[] {
            "messages", "network", "routing", "server", "proxy", "client", "embedded", "cli", "flinkclient"
        }) {
            classes()
                    .that()
                    .resideInAPackage(ROOT + "." + module)
                    .should(haveBeenFound())
                    .allowEmptyShould(false)
                    .check(classes);
        }
    }

    @Test
    void shouldOnlyUseWhatLiesBelow_whenModulesDependOnEachOther() {
        mayOnlyUse("messages");
        mayOnlyUse("network", "messages");
        mayOnlyUse("server", "messages", "network");
        mayOnlyUse("routing", "messages", "network");
        mayOnlyUse("proxy", "messages", "network", "routing");
        mayOnlyUse("client", "messages", "network", "routing");
        mayOnlyUse("flinkclient", "messages", "network", "client");
        mayOnlyUse("embedded", "messages", "network", "routing", "server", "proxy", "client");
        mayOnlyUse("cli", "messages", "network", "routing", "server", "proxy", "client", "embedded");
    }

    @Test
    void shouldOnlyUseBuffers_whenMessagesAreEncoded() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".messages..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty..").and(not(resideInAPackage("io.netty.buffer"))))
                .check(classes);
    }

    @Test
    void shouldUseFlinkInItsOwnModulesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".flink..", ROOT + ".flinkclient..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(classes);
    }

    @Test
    void shouldHaveNoCycles_whenPackagesDependOnEachOther() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void shouldShowNoTransportType_whenServerProxyClientOrClusterExportAMember() {
        classes()
                .that()
                .resideInAnyPackage(
                        ROOT + ".server..",
                        ROOT + ".proxy..",
                        ROOT + ".client..",
                        ROOT + ".flinkclient..",
                        ROOT + ".embedded..")
                .and()
                .arePublic()
                .should(exportNoTransportType())
                .check(classes);
    }

    @Test
    void shouldNotSerializeObjects_whenAnyClassIsShipped() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream")
                .check(classes);
    }

    private static void mayOnlyUse(String module, String... below) {
        String[] allowed = Stream.concat(Stream.of(module), Stream.of(below))
                .map(name -> ROOT + "." + name + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + module + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .check(classes);
    }

    private static ArchCondition<JavaClass> haveBeenFound() {
        return new ArchCondition<>("have been found") {
            @Override
            public void check(JavaClass found, ConditionEvents events) {
                events.add(SimpleConditionEvent.satisfied(found, found.getName()));
            }
        };
    }

    private static ArchCondition<JavaClass> exportNoTransportType() {
        return new ArchCondition<>("export no transport type") {
            @Override
            public void check(JavaClass owner, ConditionEvents events) {
                for (JavaMember member : owner.getMembers()) {
                    if (isExported(member)) {
                        member.getAllInvolvedRawTypes().stream()
                                .filter(type -> type.getPackageName().startsWith("io.netty"))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        member, member.getFullName() + " shows " + type.getName())));
                    }
                }
            }
        };
    }

    private static boolean isExported(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }
}
