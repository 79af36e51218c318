package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.S3Server;
import io.millrace.UnavailableException;
import io.millrace.jobs.cli.Elsewhere;
import io.millrace.jobs.cli.Place;
import io.millrace.jobs.console.Console;
import io.millrace.jobs.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a launcher does before it submits, and what it shows. */
class OnClusterTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final Console console = new Console(Terminal.NONE, Console.Format.TEXT, out, out);

  private Place place(String... lines) throws IOException {
    Path env = Files.createDirectories(folder.resolve("conf/env"));
    Files.writeString(env.resolve("far.yaml"), String.join("\n", lines) + "\n");
    return new Place(folder.resolve("conf"), "far", Optional.empty(), Map.of());
  }

  @Test
  void theLakeIsReachedByTheSettingsOfThePlace() throws IOException {
    String master = "spark://127.0.0.1:" + S3Server.freePort();
    try (S3Server server = new S3Server()) {
      Place place =
          place(
              "lake: s3a://" + server.bucket() + "/lake",
              "master: " + master,
              "spark:",
              "  spark.hadoop.fs.s3a.endpoint: " + server.endpoint(),
              "  spark.hadoop.fs.s3a.endpoint.region: us-east-1",
              "  spark.hadoop.fs.s3a.path.style.access: true",
              "  spark.hadoop.fs.s3a.aws.credentials.provider:"
                  + " org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
      Elsewhere.Task task = new Elsewhere.Task("daily", List.of(), place, true);
      OnCluster launcher = new OnCluster(console, folder.resolve("millrace.log"));

      // Without them it would end before, since there is no such bucket at AWS.
      assertThatThrownBy(() -> launcher.run(task, () -> List.of("daily")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageStartingWith("no Spark master answers at " + master);
    }
  }

  @Test
  void aSubmissionIsShownWithoutWhatCameFromTheEnvironment() throws IOException {
    String secret = System.getenv("PATH");
    Place place =
        place(
            "lake: lake",
            "master: spark://127.0.0.1:7077",
            "cluster: {executors: 2, cores: 2, jars: [\"https://u:${PATH}@127.0.0.1/a.jar\"]}",
            "spark:",
            "  spark.task.cpus: 2",
            "  spark.plain.setting: told",
            "  spark.executorEnv.TOKEN: Bearer ${PATH}",
            "  spark.driver.extraJavaOptions: -Dkey=${PATH}");
    Files.writeString(folder.resolve("conf/bank.yaml"), "name: bank\n");

    String shown = OnCluster.shown(place, console);

    assertThat(shown)
        .doesNotContain(secret)
        .contains("--conf 'spark.executorEnv.TOKEN=Bearer ***'")
        .contains("-Dkey=***")
        .contains("https://u:***@127.0.0.1/a.jar")
        .contains("--conf spark.plain.setting=told")
        .contains("--conf spark.sql.shuffle.partitions=6");
  }
}
