package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.FaultyProxy;
import io.millrace.FaultyProxy.Fault;
import io.millrace.S3Server;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The whole of it in a bucket: the same tables as in a folder, by one driver or by two. */
@Order(3)
class ObjectStoreTest {

  private static final String DATE = Shop.FIRST.plusDays(2).toString();
  private static final String NEXT = Shop.FIRST.plusDays(3).toString();
  private static final Shop SHOP = new Shop().days(0, 4);

  private static S3Server server;
  private static FaultyProxy proxy;
  private static String bucket;

  @BeforeAll
  static void chainInABucket() throws IOException {
    server = new S3Server();
    proxy = new FaultyProxy(server.endpoint());
    bucket = server.bucket();
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("conf/env/s3.yaml"))) {
      root = root.getParent();
    }
    Shop.write(
        SHOP.folder.resolve("conf/env/s3.yaml"), Shop.read(root.resolve("conf/env/s3.yaml")));
    try (Program program = inTheBucket(server.endpoint(), chain());
        Program inAFolder = new Program(SHOP, SHOP.lakeFolder, chain())) {
      assertThat(program.end()).as(program::said).isZero();
      assertThat(inAFolder.end()).as(inAFolder::said).isZero();
    }
    S3Server.settings(server.endpoint())
        .forEach(TestSpark.session().sparkContext().hadoopConfiguration()::set);
  }

  @AfterAll
  static void end() {
    proxy.close();
    server.close();
  }

  private static String[] chain() {
    return new String[] {"replay", "shop.yaml", "--from", DATE, "--to", DATE, "--train-every", "1"};
  }

  private static Program inTheBucket(String endpoint, String... command) {
    Map<String, String> environment =
        Map.of(
            "BUCKET",
            bucket,
            "S3_ENDPOINT",
            endpoint,
            "AWS_ACCESS_KEY_ID",
            S3Server.KEY,
            "AWS_SECRET_ACCESS_KEY",
            S3Server.SECRET);
    return new Program(SHOP, environment, List.of("--env", "s3"), command);
  }

  private static Lake lake() {
    return Lake.open(
        "s3a://" + bucket + "/lake", S3Server.settings(server.endpoint()), TestSpark::session);
  }

  @Test
  void aBucketHoldsWhatAFolderHoldsAndTwoDriversWhatOneDoes() throws IOException {
    AtomicInteger commits = new AtomicInteger();
    Fault[] kinds = {Fault.LOSE_ANSWER, Fault.CONFLICT, Fault.BUSY};
    proxy.plan(
        request -> {
          if (!request.conditional() || !request.path().contains("_delta_log")) {
            return Optional.empty();
          }
          int n = commits.getAndIncrement();
          return n % 4 == 0 ? Optional.of(kinds[n / 4 % kinds.length]) : Optional.empty();
        });
    try (Program one = inTheBucket(proxy.endpoint(), "daily", "shop.yaml", "--date", NEXT);
        Program other = inTheBucket(proxy.endpoint(), "daily", "shop.yaml", "--date", NEXT);
        Program inAFolder =
            new Program(SHOP, SHOP.lakeFolder, "daily", "shop.yaml", "--date", NEXT)) {
      assertThat(one.end()).as(one::said).isZero();
      assertThat(other.end()).as(other::said).isZero();
      assertThat(inAFolder.end()).as(inAFolder::said).isZero();
    }
    assertThat(proxy.faults()).isGreaterThan(3);
    Map<String, List<String>> found = LakeRows.of(lake());
    assertSame(found);
    String ofDate = "date = '" + NEXT + "'";
    assertThat(lake().latest("predictions/shop").orElseThrow().read().where(ofDate).count())
        .isEqualTo(120);
    assertThat(lake().latest("releases").orElseThrow().read().where(ofDate).count()).isEqualTo(1);
    assertNoSecret(found);
  }

  private static void assertSame(Map<String, List<String>> found) {
    Map<String, List<String>> expected = LakeRows.of(SHOP.lakeFolder);
    assertThat(expected.keySet()).contains("predictions/shop", "models", "releases");
    assertThat(expected.get("model files")).isNotEmpty();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((table, rows) -> assertThat(found.get(table)).as(table).isEqualTo(rows));
  }

  /** In no row, no object (models, pages and logs of Delta are plain text), no log, no output. */
  private static void assertNoSecret(Map<String, List<String>> found) throws IOException {
    found.forEach(
        (table, rows) ->
            assertThat(String.join("\n", rows)).as(table).doesNotContain(S3Server.SECRET));
    var objects = lake().files().listFiles(new org.apache.hadoop.fs.Path(lake().root()), true);
    int pages = 0;
    while (objects.hasNext()) {
      org.apache.hadoop.fs.Path object = objects.next().getPath();
      pages += object.getName().endsWith(".html") ? 1 : 0;
      try (InputStream in = lake().files().open(object)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
            .as(object.toString())
            .doesNotContain(S3Server.SECRET);
      }
    }
    assertThat(pages).isGreaterThanOrEqualTo(3);
    try (Stream<Path> files = Files.walk(SHOP.folder)) {
      List<Path> logs =
          files.filter(file -> file.toString().matches(".*(said-.*\\.txt|\\.log)")).toList();
      assertThat(logs).hasSizeGreaterThan(3);
      for (Path log : logs) {
        assertThat(Shop.read(log)).as(log.toString()).doesNotContain(S3Server.SECRET);
      }
    }
  }
}
