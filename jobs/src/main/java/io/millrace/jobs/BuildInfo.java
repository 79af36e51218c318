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

  private static String read() {
    try (InputStream in = BuildInfo.class.getResourceAsStream("/millrace-build.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
