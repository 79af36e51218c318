package io.millrace.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Task;
import io.millrace.TestSpark;
import io.millrace.config.AlgorithmSpec;
import io.millrace.config.TrainSpec;
import io.millrace.config.TrainSpec.ClassWeights;
import io.millrace.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The same rows and spec give the same bits, whatever the cores and the input's partitions. */
class ReproducibleTest {

  private static final int ROWS = 900;

  /** Another process: prints the models' hashes on another number of cores. */
  public static final class OnFourCores {

    private OnFourCores() {}

    public static void main(String[] arguments) {
      SparkSession spark =
          SparkSession.builder()
              .master("local[4]")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.shuffle.partitions", "3")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.driver.host", "127.0.0.1")
              .getOrCreate();
      System.out.println("HASHES " + String.join(",", hashes(spark, 5)));
      spark.stop();
    }
  }

  @Test
  void modelsAreBitEqualOnOtherCoresAndPartitions() throws Exception {
    Process other = otherProcess();
    List<String> two = hashes(TestSpark.session(), 2);
    assertThat(hashes(TestSpark.session(), 7)).isEqualTo(two);
    assertThat(two).doesNotHaveDuplicates();
    String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(printed).isZero();
    assertThat(printed).contains("HASHES " + String.join(",", two));
  }

  private static Process otherProcess() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-") || argument.startsWith("-Duser")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of(
            "-Xmx1g", "-cp", System.getProperty("java.class.path"), OnFourCores.class.getName()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static List<String> hashes(SparkSession spark, int partitions) {
    Dataset<Row> binary = TrainingData.frame(spark, Task.BINARY, ROWS).repartition(partitions);
    Dataset<Row> number = TrainingData.frame(spark, Task.REGRESSION, ROWS).repartition(partitions);
    List<String> hashes = new ArrayList<>();
    hashes.add(hash(Task.BINARY, binary, TrainingData.xgboost(12, Optional.of(4))));
    hashes.add(hash(Task.BINARY, binary, TrainingData.logistic()));
    hashes.add(hash(Task.BINARY, binary, TrainingData.forest()));
    hashes.add(hash(Task.REGRESSION, number, TrainingData.linear()));
    hashes.add(hash(Task.REGRESSION, number, TrainingData.forest()));
    return hashes;
  }

  private static String hash(Task task, Dataset<Row> frame, AlgorithmSpec algorithm) {
    TrainSpec plain = TrainingData.spec(algorithm);
    TrainSpec spec =
        new TrainSpec(
            algorithm,
            Optional.empty(),
            plain.workers(),
            plain.seed(),
            Optional.empty(),
            Map.of(),
            task == Task.BINARY
                ? Optional.of(new ClassWeights(true, Map.of("yes", 1.1)))
                : Optional.empty(),
            Optional.empty(),
            TrainingData.AUDIT);
    return sha256(Trainer.train(TrainingData.of(task, frame), spec).challenger().model());
  }

  private static String sha256(Model model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
      out.flush();
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
