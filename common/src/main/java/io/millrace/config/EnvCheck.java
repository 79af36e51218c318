package io.millrace.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What can be wrong with a place to run. */
final class EnvCheck {

  private static final String SIZE = "[1-9][0-9]{0,8}[kmgKMG]";

  /** Spark's setting of the cores that a task takes. */
  static final String TASK_CORES = "spark.task.cpus";

  /** Masters that Spark knows. */
  static final String MASTER =
      "local|local\\[([1-9][0-9]*|\\*)]|spark://[^\\s/:,]+:[0-9]+(,[^\\s/:,]+:[0-9]+)*|yarn"
          + "|k8s://\\S+";

  private static final String CATALOG = "spark.sql.catalogImplementation";
  private static final String NO_HIVE =
      "the program's own Spark has no Hive; name a cluster as master, whose Spark has it";

  /** Spark refuses an executor or a driver of less than 1.5 times what it reserves, 450 MiB. */
  private static final long LEAST_MIB = 512;

  /** Settings of S3A, for all buckets or one, and of executors, that hold a key or a password. */
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?i).*fs\\.s3[an]?\\..*(access\\.?key(\\.?id)?|secret\\.?(access\\.?)?key|session\\.token"
              + "|encryption\\.key|password)|.*AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)");

  /** The same as options of a JVM. */
  private static final Pattern KEY_OPTION =
      Pattern.compile("(?i)aws\\.(secretAccessKey|secretKey|sessionToken)|fs\\.s3a\\.secret\\.key");

  private final Faults faults;
  private final KeyPath path;

  EnvCheck(Faults faults, KeyPath path) {
    this.faults = faults;
    this.path = path;
  }

  void check(EnvSpec env) {
    if (env.lake().isBlank()) {
      faults.add(path.then("lake"), "an empty path; name the folder or URI of the lake");
    }
    env.heap()
        .filter(heap -> !heap.matches(SIZE))
        .ifPresent(
            heap -> faults.add(path.then("heap"), "no size: " + heap + "; write it like 6g"));
    env.master()
        .filter(master -> !master.matches(MASTER))
        .ifPresent(
            master ->
                faults.add(
                    path.then("master"),
                    "no Spark master: "
                        + master
                        + "; write local[2], spark://host:7077, yarn or k8s://https://host:6443"));
    env.spark().forEach(this::setting);
    if (!env.onCluster() && "hive".equals(env.spark().get(CATALOG))) {
      faults.add(path.then("spark", CATALOG), NO_HIVE);
    }
    env.cluster().ifPresent(cluster -> cluster(env, cluster));
    env.catalog().ifPresent(catalog -> catalog(env, catalog));
  }

  private void catalog(EnvSpec env, CatalogSpec catalog) {
    if (!catalog.schema().matches(CatalogSpec.SCHEMA)) {
      faults.add(
          path.then("catalog", "schema"),
          "no name of a schema: " + catalog.schema() + "; write millrace or catalog.millrace");
    }
    if (catalog.metastore().isEmpty()) {
      return;
    }
    if (!catalog.metastore().get().matches(CatalogSpec.METASTORE)) {
      faults.add(
          path.then("catalog", "metastore"),
          "no metastore: " + catalog.metastore().get() + "; write thrift://host:9083");
    }
    if (!env.onCluster()) {
      faults.add(path.then("catalog", "metastore"), NO_HIVE);
    }
    if (env.spark().containsKey("spark.hadoop.hive.metastore.uris")) {
      faults.add(
          path.then("spark", "spark.hadoop.hive.metastore.uris"),
          "catalog.metastore says it; take this out");
    }
  }

  private void setting(String key, String value) {
    if (CREDENTIAL.matcher(key).matches() || KEY_OPTION.matcher(value).find()) {
      faults.add(
          path.then("spark", key),
          "a credential, which files and logs would keep; credentials come from the"
              + " environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role");
    } else if (!key.startsWith("spark.")) {
      faults.add(path.then("spark", key), "no Spark setting; they all start with spark.");
    }
  }

  private void cluster(EnvSpec env, ClusterSpec cluster) {
    if (!env.onCluster()) {
      String found = env.master().map(m -> "the master is " + m).orElse("there is no master");
      faults.add(
          path.then("cluster"),
          found + "; add master: spark://host:7077, yarn or k8s://…, or take the section out");
    }
    size(cluster.memory(), path.then("cluster", "memory"));
    size(cluster.driverMemory(), path.then("cluster", "driver-memory"));
    coresOfTask(env, cluster);
    told(cluster)
        .forEach(
            (setting, key) -> {
              if (env.spark().containsKey(setting)) {
                faults.add(
                    path.then("spark", setting), "cluster." + key + " says it; take this out");
              }
            });
  }

  private void coresOfTask(EnvSpec env, ClusterSpec cluster) {
    Optional<String> told = Optional.ofNullable(env.spark().get(TASK_CORES));
    if (told.filter(text -> !text.matches("[1-9][0-9]{0,3}")).isPresent()) {
      faults.add(path.then("spark", TASK_CORES), "no number from 1: " + told.get() + "; mend it");
    } else if (told.map(Integer::parseInt).filter(cpus -> cpus > cluster.cores()).isPresent()) {
      faults.add(
          path.then("cluster", "cores"),
          cluster.cores()
              + ", but a task takes "
              + told.get()
              + " (spark.task.cpus); raise cores, or no task ever runs");
    }
  }

  private void size(String text, KeyPath key) {
    OptionalLong mib = mib(text);
    if (mib.isEmpty()) {
      faults.add(key, "no size: " + text + "; write it like 2g or 1200m");
    } else if (mib.getAsLong() < LEAST_MIB) {
      faults.add(key, text + " is too little for Spark; give 512m at the least");
    }
  }

  private static OptionalLong mib(String text) {
    if (!text.matches(SIZE)) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return OptionalLong.of(
        switch (text.toLowerCase(Locale.ROOT).charAt(text.length() - 1)) {
          case 'k' -> number >> 10;
          case 'm' -> number;
          default -> number << 10;
        });
  }

  /** Spark's settings that keys of the section stand for. */
  private static Map<String, String> told(ClusterSpec cluster) {
    Map<String, String> told = new LinkedHashMap<>();
    told.put("spark.submit.deployMode", "deploy-mode");
    told.put("spark.executor.instances", "executors");
    told.put("spark.cores.max", "executors × cluster.cores");
    told.put("spark.executor.cores", "cores");
    told.put("spark.executor.memory", "memory");
    told.put("spark.driver.memory", "driver-memory");
    told.put("spark.driver.cores", "driver-cores");
    if (!cluster.jars().isEmpty()) {
      told.put("spark.jars", "jars");
    }
    if (!cluster.packages().isEmpty()) {
      told.put("spark.jars.packages", "packages");
    }
    return told;
  }
}
