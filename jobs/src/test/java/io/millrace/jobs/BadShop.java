package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.MillraceException;
import io.millrace.TestSpark;
import io.millrace.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A shop for faults: one that is trained once, copies of it with edits, and what each must end
 * with.
 */
final class BadShop {

  static final int SPEC = 2;
  static final int DATA = 3;
  static final int UNAVAILABLE = 4;
  static final int STOPPED = 10;

  static final LocalDate D0 = Shop.FIRST;
  static final LocalDate D2 = Shop.FIRST.plusDays(2);
  static final LocalDate D3 = Shop.FIRST.plusDays(3);
  static final String VISITS = "visits-" + D0 + ".csv";

  /** Three days taken in and trained on; a constant and an empty feature among the others. */
  static final Shop TRAINED = new Shop();

  /** What its training said. */
  static final String WARNED = train();

  private static String train() {
    TRAINED.days(0, 4);
    for (LocalDate day = D0; !day.isAfter(D3); day = day.plusDays(1)) {
      edit(
          TRAINED,
          "visits-" + day + ".csv",
          text ->
              text.replaceAll("(?m)(?<=.)$", ",NL,").replaceFirst(",NL,\n", ",country,weight\n"));
    }
    edit(
        TRAINED,
        VISITS,
        text ->
            text
                + """
                801,2026-03-01,NaN,1.0,web,NL,
                802,2026-03-01,3,Infinity,web,NL,
                803,2026-03-01,3,-Infinity,web,NL,
                804,2026-03-01,0,-0.0,web,NL,
                805,2026-03-01,-0.0,0,web,NL,
                806,2026-03-01,three,1.0,web,NL,
                807,2026-03-41,3,1.0,web,NL,
                808,2026-03-01,3,1.0,web
                ,2026-03-01,3,1.0,web,NL,
                809,2026-03-01,3,1.0,web,NL,
                809,2026-03-01,3,1.0,web,NL,
                """);
    Shop.write(
        TRAINED.spec,
        Shop.SPEC
            .replace(
                "types: {visit: long}\n",
                "types: {visit: long, day: date, pages: double, weight: double}\n")
            .replace("channel]\n  expr", "channel, country, weight]\n  expr"));
    try (Work work = TRAINED.open()) {
      new Chains(work).train(D2);
    }
    return TRAINED.said();
  }

  /** A shop of its own with the trained one's files, lake and spec. */
  static Shop copy() {
    Shop shop = new Shop();
    try {
      Files.walkFileTree(
          TRAINED.folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of)
                throws IOException {
              Files.createDirectories(there(folder));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
              Files.copy(
                  file,
                  there(file),
                  StandardCopyOption.REPLACE_EXISTING,
                  StandardCopyOption.COPY_ATTRIBUTES);
              return FileVisitResult.CONTINUE;
            }

            private Path there(Path path) {
              return shop.folder.resolve(TRAINED.folder.relativize(path));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shop;
  }

  static void edit(Shop shop, String file, UnaryOperator<String> change) {
    Path path = shop.data.resolve(file);
    try {
      Shop.write(path, change.apply(Files.readString(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Shop edited(Shop shop, String from, String to) {
    try {
      String text = Files.readString(shop.spec);
      assertThat(text).contains(from);
      Shop.write(shop.spec, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shop;
  }

  /** The fault that a command ends with, after which all tables are what they were. */
  static void assertFault(Shop shop, int exitCode, String message, Consumer<Work> command) {
    Lake lake = Lake.open(shop.lakeFolder.toString(), TestSpark::session);
    Map<String, Long> before = Shop.versions(lake);
    MillraceException fault =
        catchThrowableOfType(
            MillraceException.class,
            () -> {
              try (Work work = shop.open()) {
                command.accept(work);
              }
            });
    assertThat(fault).isNotNull();
    assertThat(withoutHashes(fault.getMessage().replace(shop.folder.toString(), "$D")))
        .isEqualTo(message);
    assertThat(fault.exitCode()).isEqualTo(exitCode);
    assertThat(fault.getMessage().lines().count()).isLessThanOrEqualTo(3);
    assertThat(Shop.versions(lake)).isEqualTo(before);
  }

  static String withoutHashes(String message) {
    return message.replaceAll("\\b[0-9a-f]{12}/", "#/").replaceAll(" [0-9a-f]{8}…", " #…");
  }

  /** Sources are taken in one by one, sales first; none is to be new here. */
  static Shop withoutNewSales(Shop shop) {
    assertThat(shop.data.resolve("sales-" + D3 + ".csv").toFile().delete()).isTrue();
    return shop;
  }

  static void ingest(Work work) {
    new IngestJob(work, D2).run();
  }

  static void features(Work work) {
    new FeaturesJob(work).forTraining(D2);
  }

  static void daily(Work work) {
    new Chains(work).score(D3);
  }
}
