package io.millrace.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which build this is: recorded with each run, part of no run id. */
final class BuildInfo {

  private static final String VERSION = read();

  private BuildInfo() {}

  static String version() {
    return VERSION;
  }

  /**
   * The version, its commit, and a mark where files differed from it: {@code 0.1.0+3f2a9c4-dirty}.
   */
  static String version(Properties properties) {
    String commit = properties.getProperty("git.commit.id.abbrev", "");
    boolean dirty = Boolean.parseBoolean(properties.getProperty("git.dirty"));
    return properties.getProperty("git.build.version", "unknown")
        + (commit.isEmpty() ? "" : "+" + commit)
        + (dirty ? "-dirty" : "");
  }

  private static String read() {
    try (InputStream in = BuildInfo.class.getResourceAsStream("/millrace-build.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return version(properties);
    } catch (IOException e) {
      return "unknown";
    }
  }
}
