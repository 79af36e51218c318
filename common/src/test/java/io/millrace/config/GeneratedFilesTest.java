package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files that are made from the records, and stay equal to them. */
class GeneratedFilesTest {

  private static final String MEND =
      "%s is made from the records; write it anew by"
          + " ./mvnw -pl common test -Dtest=GeneratedFilesTest -Dmillrace.write=true";

  @Test
  void theSchemaIsThatOfTheRecords() throws IOException {
    check("conf/schema.json", SpecSchema.json());
  }

  @Test
  void theReferenceIsThatOfTheRecords() throws IOException {
    check("docs/spec.md", SpecReference.markdown());
  }

  @Test
  void theLocalEnvIsRight() {
    EnvSpec env = ConfFolder.env(root().resolve("conf"), "local", SpecFiles.NONE);

    assertThat(env.lake()).isEqualTo("lake");
    assertThat(env.variables()).isEqualTo(Map.of("data", "data", "examples", "examples"));
  }

  @Test
  void thePipelinesOfTheProjectAreRight() {
    Path conf = root().resolve("conf");
    Variables variables = SpecFiles.NONE.with(ConfFolder.env(conf, "local", SpecFiles.NONE));

    ConfFolder.pipelines(conf)
        .forEach(
            (name, file) ->
                assertThat(SpecReader.pipeline(file, variables, Map.of()).pipeline())
                    .isEqualTo(name));
  }

  private static void check(String name, String made) throws IOException {
    Path file = root().resolve(name);
    if (Boolean.getBoolean("millrace.write")) {
      Files.writeString(file, made);
    }
    assertThat(Files.readString(file)).as(MEND, name).isEqualTo(made);
  }

  /** The project's folder; tests run in that of their module. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("conf")) ? here : here.getParent();
  }
}
