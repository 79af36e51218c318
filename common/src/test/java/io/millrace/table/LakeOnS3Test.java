package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.FaultyProxy;
import io.millrace.FaultyProxy.Fault;
import io.millrace.S3Server;
import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.UnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A lake in a bucket: what is refused at its door, and both engines at work on one table. */
class LakeOnS3Test {

  private static final int ROUNDS = 20;
  private static final TableDefinition FACTS =
      Facts.with(TableDefinition.column("x", DataTypes.DoubleType, "A number"));

  private static S3Server server;

  @BeforeAll
  static void start() {
    server = new S3Server();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Lake open(String uri, String endpoint) {
    return Lake.open(uri, S3Server.settings(endpoint), TestSpark::session);
  }

  @Test
  void commitsOfBothEnginesAreAllKept() throws Exception {
    SparkSession spark = TestSpark.session();
    S3Server.settings(server.endpoint()).forEach(spark.sparkContext().hadoopConfiguration()::set);
    Lake lake = open("s3a://" + server.bucket() + "/lake", server.endpoint());
    lake.requireWritable();
    SmallTable table = new SmallTable(lake, FACTS);
    table.record("p", "start", List.of());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<Void> kernel =
        threads.submit(
            (Callable<Void>)
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    String token = "kernel " + i;
                    table.append(
                        "p", token, List.of(Map.of("run_id", token, "pipeline", "p", "x", 1.0)));
                  }
                  return null;
                });
    Future<Void> other =
        threads.submit(
            (Callable<Void>)
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    spark
                        .sql("select 'spark " + i + "' as run_id, 'p' as pipeline, 2.0d as x")
                        .write()
                        .format("delta")
                        .mode("append")
                        .save(lake.path("facts").toString());
                  }
                  return null;
                });
    kernel.get();
    other.get();
    threads.shutdown();
    assertThat(lake.latest("facts").orElseThrow().version()).isEqualTo(2 * ROUNDS + 1);
    assertThat(table.rows("p")).hasSize(2 * ROUNDS);
    assertThat(table.rows("p").stream().map(row -> row.get("run_id")).distinct())
        .hasSize(2 * ROUNDS);
  }

  @Test
  void aStoreThatKnowsNoConditionsIsRefused() {
    try (FaultyProxy proxy = new FaultyProxy(server.endpoint())) {
      proxy.plan(
          request ->
              request.conditional() ? Optional.of(Fault.FORGET_CONDITION) : Optional.empty());
      Lake lake = open("s3a://" + server.bucket() + "/lake", proxy.endpoint());
      assertThatThrownBy(lake::requireWritable)
          .isInstanceOf(SpecException.class)
          .hasMessageContaining("overwrites where it was told not to")
          .hasMessageContaining("docs/object-store.md");
    }
  }

  @Test
  void aBucketThatIsntThereIsNamed() {
    assertThatThrownBy(() -> open("s3a://nosuchbucket/lake", server.endpoint()))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "lake s3a://nosuchbucket/lake: there is no bucket nosuchbucket at "
                + server.endpoint()
                + "; make it, or name another");
  }

  @Test
  void anEndpointWhereNobodyListensIsNamed() {
    String nobody = "http://127.0.0.1:" + S3Server.freePort();
    assertThatThrownBy(() -> open("s3a://somebucket/lake", nobody))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(nobody + " can't be reached (")
        .hasMessageContaining("check the endpoint");
  }

  @Test
  void credentialsInTheUriAreRefusedAndNotRepeated() {
    assertThatThrownBy(() -> open("s3a://KEY:" + S3Server.SECRET + "@bucket/x", "http://x"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("give credentials in the environment")
        .hasMessageNotContaining(S3Server.SECRET);
    assertThatThrownBy(() -> open("s3://bucket/x", "http://x"))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("write s3a://bucket/x");
  }
}
