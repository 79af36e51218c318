package io.millrace.table;

import java.lang.reflect.Field;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The settings by which Hadoop's file systems are reached, and what they cost. */
public final class HadoopSettings {

  /** Each brings files of defaults when it is first used, which are read with their notes. */
  private static final String[] BRING_DEFAULTS = {
    "org.apache.hadoop.hdfs.HdfsConfiguration", "org.apache.hadoop.mapred.JobConf"
  };

  /** Whether this process only looks at logs and small tables; the launcher tells. */
  static final boolean SHORT = Boolean.getBoolean("millrace.short");

  private static final String SUBMITTED = "spark.hadoop.";

  private HadoopSettings() {}

  /** Reading Hadoop's files of defaults takes 20 ms, so it is done once in a process. */
  private static final class Ours {

    static final Configuration SETTINGS = new Configuration();

    static {
      SETTINGS.set("io.delta.kernel.logStore.file.impl", HardLinkLogStore.class.getName());
      ObjectStore.SETTINGS.forEach(SETTINGS::set);
      LocalFiles.SETTINGS.forEach(SETTINGS::set);
      if (SHORT) {
        HadoopResources.SETTINGS.forEach(SETTINGS::set);
      }
    }
  }

  /** Settings with our log stores, the same for Kernel and Spark; a copy for each caller. */
  public static Configuration ours() {
    return new Configuration(Ours.SETTINGS);
  }

  /**
   * Ours, and on top of them those that {@code spark-submit} gave this process, as system
   * properties {@code spark.hadoop.<key>}: what a driver knows of its place before it has read it.
   * Hadoop keeps the file system that is first made of a bucket, with its settings, for all.
   */
  public static Configuration submitted() {
    Configuration settings = ours();
    for (String key : System.getProperties().stringPropertyNames()) {
      if (key.startsWith(SUBMITTED)) {
        settings.set(key.substring(SUBMITTED.length()), System.getProperty(key));
      }
    }
    return settings;
  }

  /**
   * Drops the notes of where a configuration's settings came from, and so those of its copies; the
   * settings stay as they are. Spark sends a configuration with every scan of files, and Hadoop
   * compresses each of its thousand notes by itself, which takes a hundred times as long as all
   * settings do. Nothing reads the notes. A Hadoop that keeps them elsewhere keeps them: it is
   * slower, nothing else.
   */
  public static void forgetOrigins(Configuration configuration) {
    try {
      for (String name : BRING_DEFAULTS) {
        Class.forName(name);
      }
      configuration.size(); // reads the files that it hasn't yet
      Field notes = Configuration.class.getDeclaredField("updatingResource");
      notes.setAccessible(true);
      if (notes.get(configuration) instanceof Map<?, ?> kept) {
        kept.clear();
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      System.getLogger(HadoopSettings.class.getName())
          .log(System.Logger.Level.DEBUG, "origins of settings stay", e);
    }
  }
}
