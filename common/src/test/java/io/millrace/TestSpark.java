package io.millrace;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of a module's tests: two cores, small shuffles, UTC.
 *
 * <p>Queries are interpreted, as those of a pipeline with little data are, since tests' tables are
 * small and each query's first run would be spent on compiling it; a class that reads {@link
 * RealData} has them compiled.
 */
public final class TestSpark {

  private static SparkSession session;
  private static boolean compiles;

  private TestSpark() {}

  /** The session; made at the first call, stopped with the process. */
  public static synchronized SparkSession session() {
    if (session == null) {
      Path warehouse = temporary("millrace-warehouse");
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("millrace-tests")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.ansi.enabled", "false")
              .config("spark.sql.codegen.hugeMethodLimit", "8000")
              // Each plan is written out for listeners, with all its columns.
              .config("spark.sql.debug.maxToStringFields", "2")
              .config("spark.sql.ui.explainMode", "simple")
              // A VACUUM lists folders in as many tasks.
              .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.default.parallelism", "2")
              .config("spark.sql.codegen.cache.maxEntries", "2000")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.sql.warehouse.dir", warehouse.toUri().toString())
              .config("spark.databricks.delta.snapshotPartitions", "1")
              .config("spark.delta.logStore.file.impl", "io.millrace.table.HardLinkLogStore")
              .config("spark.hadoop.fs.file.impl", "io.millrace.table.LocalFiles")
              .config(
                  "spark.hadoop.fs.AbstractFileSystem.file.impl",
                  "io.millrace.table.LocalFiles$Context")
              .config("spark.delta.logStore.s3a.impl", "io.millrace.table.ConditionalPutLogStore")
              .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .getOrCreate();
      compile(compiles);
    }
    return session;
  }

  /** Whether code is made of queries from now on, as for a pipeline with much data. */
  public static synchronized void compile(boolean queries) {
    compiles = queries;
    if (session != null) {
      session.conf().set("spark.sql.adaptive.enabled", queries);
      session.conf().set("spark.sql.codegen.wholeStage", queries);
      session.conf().set("spark.sql.codegen.factoryMode", queries ? "FALLBACK" : "NO_CODEGEN");
    }
  }

  /** The same, for a test of generated code: what doesn't compile fails, nothing falls back. */
  public static synchronized void compileOnly(boolean queries) {
    session();
    compile(queries);
    if (queries) {
      session.conf().set("spark.sql.codegen.factoryMode", "CODEGEN_ONLY");
      session.conf().set("spark.sql.codegen.fallback", false);
    } else {
      session.conf().unset("spark.sql.codegen.fallback");
    }
  }

  /** A new folder that the operating system may clean away. */
  public static Path temporary(String name) {
    try {
      return Files.createTempDirectory(name);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
