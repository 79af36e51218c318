package io.millrace.jobs.session;

import io.millrace.config.CatalogSpec;
import io.millrace.config.EnvSpec;
import io.millrace.jobs.console.Console;
import io.millrace.table.ConditionalPutLogStore;
import io.millrace.table.HadoopSettings;
import io.millrace.table.HardLinkLogStore;
import io.millrace.table.LocalFiles;
import io.millrace.table.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.LogManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of a process. It is made when it is first asked for, so that a command that
 * needs none starts none, and stopped by {@link #close}.
 *
 * <p>Settings in order of strength, the strongest last: ours, those of a local master, those of
 * {@code spark-submit}, those of the environment's {@code spark:} section.
 */
public final class Sessions implements AutoCloseable {

  private static final Map<String, String> ALWAYS =
      Map.ofEntries(
          Map.entry("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension"),
          Map.entry(
              "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"),
          Map.entry("spark.delta.logStore.file.impl", HardLinkLogStore.class.getName()),
          Map.entry("spark.delta.logStore.s3a.impl", ConditionalPutLogStore.class.getName()),
          Map.entry("spark.sql.session.timeZone", "UTC"),
          // An expression that can't be computed for a row gives null there, and the night goes on.
          Map.entry("spark.sql.ansi.enabled", "false"),
          Map.entry("spark.sql.adaptive.enabled", "true"),
          // A night prepares more expressions than Spark's usual 100.
          Map.entry("spark.sql.codegen.cache.maxEntries", "2000"),
          // HotSpot never compiles a method beyond this size; whole-stage code that long is slower.
          Map.entry("spark.sql.codegen.hugeMethodLimit", "8000"),
          Map.entry("spark.databricks.delta.snapshotPartitions", "1"),
          Map.entry("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2"),
          Map.entry("spark.sql.ui.explainMode", "simple"));

  /**
   * For little data in one process, where preparing a query costs more than running it: nothing is
   * compiled for it, and one task reads and sums without a shuffle.
   */
  private static final Map<String, String> LITTLE =
      Map.of(
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.sql.shuffle.partitions", "1",
          "spark.sql.leafNodeDefaultParallelism", "1",
          // Each plan is written out for listeners, with all its columns.
          "spark.sql.debug.maxToStringFields", "2",
          "spark.sql.files.minPartitionNum", "1",
          "spark.sql.files.openCostInBytes", Integer.toString(1 << 18));

  private static final String HADOOP = "spark.hadoop.";

  private final EnvSpec environment;
  private final Console console;
  private SparkSession session;
  private Optional<BooleanSupplier> asked = Optional.empty();

  public Sessions(EnvSpec environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  /**
   * Hadoop settings of the place, for what reads and writes without a session: {@code
   * spark.hadoop.<key>} of {@code spark-submit} and of the environment.
   */
  public Map<String, String> hadoop() {
    Map<String, String> hadoop = new LinkedHashMap<>();
    told()
        .forEach(
            (key, value) -> {
              if (key.startsWith(HADOOP)) {
                hadoop.put(key.substring(HADOOP.length()), value);
              }
            });
    return hadoop;
  }

  /** The session; made at the first call. */
  public synchronized SparkSession session() {
    if (session == null) {
      LogManager.getLogManager().reset();
      SparkSession.Builder builder = SparkSession.builder().appName("millrace");
      settings().forEach(builder::config);
      session = builder.getOrCreate();
      HadoopSettings.forgetOrigins(session.sparkContext().hadoopConfiguration());
      session.sparkContext().addSparkListener(new TaskProgress(console));
      nameCallSites(session.sparkContext());
      if (!session.sparkContext().isLocal()) {
        ExecutorWatch.start(session.sparkContext());
      }
    }
    return session;
  }

  /**
   * Where Spark has no page and writes no events, it needn't walk the stack for the line that asked
   * for each dataset and job: a fiftieth of a command's time. A thread passes it on to those that
   * it starts.
   */
  private static void nameCallSites(SparkContext context) {
    SparkConf conf = context.getConf();
    if (conf.getBoolean("spark.ui.enabled", true)
        || conf.getBoolean("spark.eventLog.enabled", false)) {
      return;
    }
    context.setLocalProperty("callSite.short", "millrace");
    context.setLocalProperty("callSite.long", "millrace");
  }

  /** How to find out whether little data is to come; asked when a local session is made. */
  public synchronized void expectLittle(BooleanSupplier isLittle) {
    asked = Optional.of(isLittle);
  }

  /** Whether a session has been made, and so has to be stopped. */
  public synchronized boolean started() {
    return session != null;
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.stop();
      session = null;
      if (asked.isEmpty()) {
        MuchData.markIfLong();
      }
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(ALWAYS);
    ObjectStore.SETTINGS.forEach((key, value) -> settings.put(HADOOP + key, value));
    String master = master();
    settings.put("spark.master", master);
    if (master.startsWith("local")) {
      settings.putAll(local(master));
      asked.ifPresent(
          little -> {
            boolean isLittle = little.getAsBoolean();
            if (isLittle) {
              settings.putAll(LITTLE);
            }
            MuchData.mark(!isLittle);
          });
    } else {
      settings.put("spark.sql.warehouse.dir", warehouse());
    }
    environment
        .catalog()
        .flatMap(CatalogSpec::metastore)
        .ifPresent(
            uri -> {
              settings.put("spark.sql.catalogImplementation", "hive");
              settings.put(HADOOP + "hive.metastore.uris", uri);
            });
    settings.putAll(told());
    return settings;
  }

  /** What {@code spark-submit} and the environment say. */
  private Map<String, String> told() {
    Map<String, String> told = new LinkedHashMap<>();
    for (String key : System.getProperties().stringPropertyNames()) {
      if (key.startsWith("spark.") && !key.equals("spark.master")) {
        told.put(key, System.getProperty(key));
      }
    }
    told.putAll(environment.spark());
    return told;
  }

  /** Inside a cluster the master may have another address than the place tells. */
  private String master() {
    Optional<String> known = Optional.ofNullable(System.getProperty("spark.master"));
    boolean submitted = System.getProperty("spark.submit.deployMode") != null;
    return (submitted ? known.or(environment::master) : environment.master().or(() -> known))
        .orElse("local[*]");
  }

  /**
   * One process on one machine: no web page, no open port, as many shuffle partitions as cores, and
   * the warehouse that Spark always makes out of sight.
   */
  private Map<String, String> local(String master) {
    String cores = Integer.toString(cores(master));
    Map<String, String> settings = new LinkedHashMap<>();
    LocalFiles.SETTINGS.forEach((key, value) -> settings.put(HADOOP + key, value));
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.put("spark.driver.bindAddress", "127.0.0.1");
    settings.put("spark.driver.host", "127.0.0.1");
    settings.put("spark.default.parallelism", cores);
    settings.put("spark.sql.shuffle.partitions", cores);
    // With as many partitions as cores there is nothing to adapt, and each shuffle is a job less.
    settings.put("spark.sql.adaptive.enabled", "false");
    settings.put("spark.sql.warehouse.dir", warehouse());
    // An executor that kills its process would end ours with 52; a task that fails is told.
    settings.put("spark.executor.killOnFatalError.depth", "0");
    return settings;
  }

  private static String warehouse() {
    try {
      Path folder = Files.createTempDirectory("millrace-warehouse-");
      folder.toFile().deleteOnExit();
      return folder.toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int cores(String master) {
    String told = master.replaceAll("^local\\[?([0-9]*).*$", "$1");
    if (master.equals("local")) {
      return 1;
    }
    return told.isEmpty() ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(told);
  }
}
