package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Whatever kills the program, and however many of it run: the same tables in the end. */
@Order(2)
class RunAgainTest {

  private static final int KILLS = 10;
  private static final long SEED = 20260304;
  private static final String DATE = Shop.FIRST.plusDays(2).toString();
  private static final Shop SHOP = new Shop().days(0, 4);
  private static final Path CALM = SHOP.lakeFolder;

  /** The train chain and the score chain of a date, in one process; then what is in the lake. */
  private static Program chains(Path lake) {
    return new Program(
        SHOP, lake, "replay", "shop.yaml", "--from", DATE, "--to", DATE, "--train-every", "1");
  }

  @BeforeAll
  static void undisturbed() throws IOException {
    Path visits = SHOP.data.resolve("visits-2026-03-02.csv");
    String broken =
        "990,2026-03-02,three,1.0,web\n991,2026-03-02,1,2.0,web\n991,2026-03-02,1,2.0,web\n";
    Shop.write(visits, Files.readString(visits) + broken);
    Shop.write(SHOP.spec, Shop.SPEC.replace("{visit: long}\n", "{visit: long, pages: long}\n"));
    try (Program program = chains(CALM)) {
      assertThat(program.end()).as(program::said).isZero();
    }
  }

  @Test
  void killedTenTimesItHoldsWhatAnUndisturbedRunHolds() {
    Path lake = SHOP.folder.resolve("killed");
    Random random = new Random(SEED);
    long perKill = 2 * files(CALM) / KILLS;
    int kills = 0;
    while (kills < KILLS && killed(lake, 1 + random.nextLong(perKill), random.nextInt(200))) {
      kills++;
    }
    assertThat(kills).as("kills that came before the end").isGreaterThanOrEqualTo(KILLS / 2);
    try (Program program = chains(lake)) {
      assertThat(program.end()).as(program::said).isZero();
    }
    assertSame(lake);
  }

  /**
   * Starts it anew and kills it a moment after it has written so many more files.
   *
   * @return false where it ended before
   */
  private static boolean killed(Path lake, long newFiles, int delay) {
    long before = files(lake);
    try (Program program = chains(lake)) {
      while (program.isRunning() && files(lake) < before + newFiles) {
        pause(25);
      }
      pause(delay);
      boolean killed = program.isRunning();
      program.kill();
      return killed;
    }
  }

  @Test
  void twoAtOnceHoldWhatOneHolds() {
    Path lake = SHOP.folder.resolve("twice");
    try (Program one = chains(lake);
        Program other = chains(lake)) {
      assertThat(one.end()).as(one::said).isZero();
      assertThat(other.end()).as(other::said).isZero();
    }
    assertSame(lake);
    String next = Shop.FIRST.plusDays(3).toString();
    try (Program one = new Program(SHOP, lake, "daily", "shop.yaml", "--date", next);
        Program other = new Program(SHOP, lake, "daily", "shop.yaml", "--date", next)) {
      assertThat(one.end()).as(one::said).isZero();
      assertThat(other.end()).as(other::said).isZero();
    }
    assertThat(table(lake, "predictions/shop").where("date = '" + next + "'").count())
        .isEqualTo(120);
    assertThat(table(lake, "releases").where("date = '" + next + "'").count()).isEqualTo(1);
    assertThat(table(lake, "scored/shop").count()).isZero();
  }

  @Test
  void interruptedItSaysSoAndLeavesNothingHalfWritten() {
    Path lake = SHOP.folder.resolve("interrupted");
    try (Program program = chains(lake)) {
      while (program.isRunning() && files(lake) < 10) {
        pause(25);
      }
      program.interrupt();
      assertThat(program.end()).as(program::said).isEqualTo(130);
      assertThat(program.said()).contains("interrupted").doesNotContain("\tat ");
    }
    try (Program program = chains(lake)) {
      assertThat(program.end()).as(program::said).isZero();
    }
    assertSame(lake);
  }

  private static void assertSame(Path lake) {
    Map<String, List<String>> expected = LakeRows.of(CALM);
    Map<String, List<String>> found = LakeRows.of(lake);
    assertThat(expected.keySet()).contains("raw/shop_visits", "quarantine/shop_visits", "gates");
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((table, rows) -> assertThat(found.get(table)).as(table).isEqualTo(rows));
  }

  private static Dataset<Row> table(Path lake, String name) {
    return Lake.open(lake.toString(), TestSpark::session).latest(name).orElseThrow().read();
  }

  private static long files(Path folder) {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).count();
    } catch (NoSuchFileException vanished) {
      return 0;
    } catch (UncheckedIOException vanished) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
