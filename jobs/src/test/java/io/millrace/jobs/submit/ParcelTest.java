package io.millrace.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.S3Server;
import io.millrace.table.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launcher and driver speak by way of a bucket whose place only the submission's settings tell. */
class ParcelTest {

  @TempDir Path conf;

  private static Lake open(String bucket, S3Server server) {
    Map<String, String> settings = new HashMap<>(S3Server.settings(server.endpoint()));
    // Else this process, as the driver, had the launcher's connection already.
    settings.put("fs.s3a.impl.disable.cache", "true");
    return Lake.open(
        "s3a://" + bucket + "/lake",
        settings,
        () -> {
          throw new IllegalStateException("a launcher has no session");
        });
  }

  @Test
  void theDriverReachesTheBucketByWhatSubmitTellsIt() throws IOException {
    Files.writeString(conf.resolve("bank.yaml"), "name: bank\n");
    Files.writeString(Files.createDirectories(conf.resolve("env")).resolve("far.yaml"), "lake: x");
    Map<String, String> told = new HashMap<>();
    try (S3Server server = new S3Server()) {
      String bucket = server.bucket();
      Lake lake = open(bucket, server);
      // Of this bucket alone: system properties are seen by all tests of this process.
      S3Server.settings(server.endpoint())
          .forEach(
              (key, value) ->
                  told.put(
                      key.replace("fs.s3a.", "spark.hadoop.fs.s3a.bucket." + bucket + "."), value));
      told.forEach(System::setProperty);
      try (Parcel parcel = Parcel.pack(lake, conf, List.of())) {
        Path unpacked = Parcel.unpack(parcel.conf());
        Returned end = new Returned(10, "out\n", "err\n");
        end.write(parcel.returned());

        assertThat(unpacked.resolve("bank.yaml")).hasContent("name: bank\n");
        assertThat(unpacked.resolve("env/far.yaml")).hasContent("lake: x");
        assertThat(Returned.read(parcel.returned(), lake.hadoop())).contains(end);
      }
      assertThat(lake.files().listStatus(new org.apache.hadoop.fs.Path(lake.root()))).isEmpty();
    } finally {
      told.keySet().forEach(System::clearProperty);
    }
  }
}
