package io.millrace.jobs.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.table.HadoopSettings;
import io.millrace.table.WholeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How a driver ended, told by a file: clusters forget the exit code of a driver that they run, and
 * what it said. The file is written once, at the end, so one that can't be read isn't there yet.
 *
 * @param exitCode of the program
 * @param out what it wrote to standard output; empty where the launcher has seen it already
 * @param err the same of standard error
 */
public record Returned(int exitCode, String out, String err) {

  /** Where this process, a driver, has to tell how it ended; empty where nobody asked. */
  public static Optional<String> asked() {
    return Optional.ofNullable(System.getProperty(Submission.RETURNED));
  }

  /** Writes the file, in the driver. */
  public void write(String uri) throws IOException {
    // Made here: most processes have no launcher, and a mapper costs a tenth of a second.
    ObjectMapper json = new ObjectMapper();
    ObjectNode node = json.createObjectNode();
    node.put("exit_code", exitCode).put("out", out).put("err", err);
    Path path = new Path(uri);
    FileSystem files = path.getFileSystem(HadoopSettings.submitted());
    WholeFile.write(files, path, json.writeValueAsBytes(node));
  }

  /**
   * Reads the file, in the launcher; empty where there is none.
   *
   * @param settings of the file's place
   */
  static Optional<Returned> read(String uri, Configuration settings) throws IOException {
    Path path = new Path(uri);
    try (InputStream file = path.getFileSystem(settings).open(path)) {
      JsonNode node = new ObjectMapper().readTree(file);
      return node.has("exit_code")
          ? Optional.of(
              new Returned(
                  node.get("exit_code").asInt(),
                  node.get("out").asText(),
                  node.get("err").asText()))
          : Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
