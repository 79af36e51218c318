package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/cluster does to a folder that it is told to keep its state in. */
class ClusterScriptTest {

  @TempDir Path folder;

  /** Runs it without a Spark; its exit code and what it said. */
  private String cluster(String command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "bin/cluster", command);
    builder.directory(Path.of("").toAbsolutePath().getParent().toFile()).redirectErrorStream(true);
    builder.environment().put("MILLRACE_CLUSTER", folder.toString());
    builder.environment().put("SPARK_HOME", folder.resolve("no-spark").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said.strip();
  }

  @Test
  void aFolderOfOthersIsRefusedAndLeftAsItWas() throws Exception {
    Path other = Files.createDirectories(folder.resolve("work-of-mine")).resolve("thesis.txt");
    Files.writeString(other, "years");
    String refused =
        "2 millrace: "
            + folder
            + " holds files that aren't a cluster's, and they would be deleted; set"
            + " MILLRACE_CLUSTER to an empty or a new folder";

    assertThat(cluster("start")).isEqualTo(refused);
    assertThat(cluster("stop")).isEqualTo(refused);
    assertThat(other).hasContent("years");
  }

  @Test
  void anEmptyFolderAndOneOfItsOwnAreTaken() throws Exception {
    String noSpark =
        "4 millrace: there is no bin/spark-class in SPARK_HOME, "
            + folder.resolve("no-spark")
            + "; set it to a Spark, or unset it";
    assertThat(cluster("start")).isEqualTo(noSpark);
    Files.createFile(folder.resolve("of-bin-cluster"));
    Files.createFile(folder.resolve("size"));
    assertThat(cluster("start")).isEqualTo(noSpark);
    assertThat(cluster("stop")).isEqualTo("0 millrace: no cluster runs here");
  }
}
