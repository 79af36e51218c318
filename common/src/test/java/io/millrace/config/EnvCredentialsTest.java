package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials stand in the environment and in no file. */
class EnvCredentialsTest {

  private static EnvSpec read(String setting) throws IOException {
    Path file = TestSpark.temporary("env").resolve("s3.yaml");
    Files.writeString(file, "spark:\n  " + setting + "\n");
    return SpecReader.env(file, Variables.of(Map.of(), Map.of("SECRET", "hush")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.hadoop.fs.s3a.secret.key: hush",
        "spark.hadoop.fs.s3a.secret.key: \"${SECRET}\"",
        "spark.hadoop.fs.s3a.access.key: hush",
        "fs.s3a.secret.key: hush",
        "spark.hadoop.fs.s3a.bucket.mine.session.token: hush",
        "spark.executorEnv.AWS_SECRET_ACCESS_KEY: hush",
        "spark.driver.extraJavaOptions: -Daws.secretAccessKey=hush"
      })
  void inTheFileTheyAreRefusedAndNotRepeated(String setting) {
    assertThatThrownBy(() -> read(setting))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("credentials come from the environment")
        .hasMessageNotContaining("hush");
  }

  @Test
  void otherSettingsOfTheStoreAreNot() throws IOException {
    String setting = "spark.hadoop.fs.s3a.endpoint: http://127.0.0.1:9000";
    assertThat(read(setting).spark()).hasSize(1);
  }

  @Test
  void inTheAddressOfAServerTheyAreRefusedAndNotRepeated() {
    for (String uri : new String[] {"https://me:hush@mlflow:5000", "http://${SECRET}@mlflow"}) {
      assertThatThrownBy(() -> server(uri))
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("mlflow.uri: holds a user or password")
          .hasMessageContaining("MLFLOW_TRACKING_TOKEN")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void anAddressIsOneOfAServer() throws IOException {
    assertThat(server("https://mlflow:5000/x").mlflow().orElseThrow().uri())
        .isEqualTo("https://mlflow:5000/x");
    assertThatThrownBy(() -> server("mlflow:5000"))
        .hasMessageEndingWith(
            "mlflow.uri: no URI of a server: mlflow:5000; write it like https://host:5000");
    assertThatThrownBy(() -> server("http://mlflow?x=1")).hasMessageContaining("leave out");
  }

  private static EnvSpec server(String uri) throws IOException {
    Path file = TestSpark.temporary("env").resolve("tracked.yaml");
    Files.writeString(file, "mlflow: {uri: \"" + uri + "\"}\n");
    return SpecReader.env(file, Variables.of(Map.of(), Map.of("SECRET", "me:hush")));
  }
}
