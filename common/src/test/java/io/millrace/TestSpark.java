package io.millrace;

import io.millrace.table.HadoopSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark context of a module's tests: two cores, small shuffles, UTC. Classes of tests run
 * side by side in one process, each in a session of its own, so what one sets no other sees.
 *
 * <p>Queries are interpreted, as those of a pipeline with little data are, since tests' tables are
 * small and each query's first run would be spent on compiling it; a class that reads {@link
 * RealData} has them compiled.
 */
public final class TestSpark {

  /** A class's session, also of the threads that it starts. */
  private static final InheritableThreadLocal<TestSpark> OWN = new InheritableThreadLocal<>();

  /** The session of tests that no class of JUnit's runs: properties. */
  private static final TestSpark SHARED = new TestSpark(null);

  private static SparkSession first;

  private final TestSpark around;
  private SparkSession session;
  private boolean compiles;

  private TestSpark(TestSpark around) {
    this.around = around;
  }

  /** From now on this thread's session is a new one. */
  static void begin() {
    OWN.set(new TestSpark(OWN.get()));
  }

  /** Gives back the session that was this thread's before. */
  static void end() {
    TestSpark ended = OWN.get();
    OWN.set(ended.around);
    if (ended.around != null && ended.around.session != null) {
      SparkSession.setActiveSession(ended.around.session);
    } else if (ended.session != null) {
      SparkSession.clearActiveSession();
    }
  }

  private static TestSpark own() {
    TestSpark own = OWN.get();
    return own == null ? SHARED : own;
  }

  /** The session of this class of tests; its context is made at the first call of all. */
  public static SparkSession session() {
    TestSpark own = own();
    synchronized (own) {
      if (own.session == null) {
        own.session = first().newSession();
        own.configure();
        SparkSession.setActiveSession(own.session);
        // As in a local command: no walk along JUnit's deep stacks for each dataset.
        first.sparkContext().setLocalProperty("callSite.short", "test");
        first.sparkContext().setLocalProperty("callSite.long", "test");
      }
      return own.session;
    }
  }

  private static synchronized SparkSession first() {
    if (first == null) {
      Path warehouse = temporary("millrace-warehouse");
      first =
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
      HadoopSettings.forgetOrigins(first.sparkContext().hadoopConfiguration());
    }
    return first;
  }

  /** Whether code is made of queries from now on, as for a pipeline with much data. */
  public static void compile(boolean queries) {
    TestSpark own = own();
    synchronized (own) {
      own.compiles = queries;
      if (own.session != null) {
        own.configure();
      }
    }
  }

  private void configure() {
    session.conf().set("spark.sql.adaptive.enabled", compiles);
    session.conf().set("spark.sql.codegen.wholeStage", compiles);
    session.conf().set("spark.sql.codegen.factoryMode", compiles ? "FALLBACK" : "NO_CODEGEN");
  }

  /** The same, for a test of generated code: what doesn't compile fails, nothing falls back. */
  public static void compileOnly(boolean queries) {
    SparkSession session = session();
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
