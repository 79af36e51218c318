package io.millrace.jobs;

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

/** What a launcher does before it submits. */
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
}
