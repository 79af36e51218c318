package io.millrace.erase;

import io.millrace.UnavailableException;
import io.millrace.table.Lake;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Looks for a person in every file below a lake, whatever wrote it. The search for what has to be
 * erased and the proof that nothing is left are the same search.
 */
public final class LakeSearch {

  private static final int MOST_TASKS = 256;

  private LakeSearch() {}

  private static final String TORN = "can't be read";

  /**
   * A file that holds the person.
   *
   * @param path below the lake
   * @param columns how many values of which column, or lines
   * @param modified when it was written, in milliseconds since 1970
   */
  public record Hit(String path, Map<String, Long> columns, long bytes, long modified)
      implements java.io.Serializable {

    /**
     * Whether the file can't be read, as one that a killed process was writing, and may hold it.
     */
    public boolean isTorn() {
      return columns.containsKey(TORN);
    }

    /** The last part of the path. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The rows of the file that are found, as far as one look tells. */
    public long rows() {
      return columns.values().stream().mapToLong(n -> n).max().orElse(0);
    }
  }

  /**
   * What was found.
   *
   * @param files how many were looked at
   * @param bytes how many bytes of them, after decompression
   */
  public record Result(List<Hit> hits, long files, long bytes) {
    public Result {
      hits = List.copyOf(hits);
    }
  }

  private record File(String uri, String path, long bytes, long modified)
      implements java.io.Serializable {}

  private record Looked(Hit hit, long bytes) implements java.io.Serializable {}

  /** Searches all files. */
  public static Result of(Lake lake, Subject subject) {
    List<File> files = files(lake);
    if (files.isEmpty()) {
      return new Result(List.of(), 0, 0);
    }
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(lake.spark().sparkContext());
    SerializableConfiguration hadoop = new SerializableConfiguration(lake.hadoop());
    int tasks = Math.min(Math.min(files.size(), MOST_TASKS), 4 * spark.defaultParallelism());
    List<Looked> looked =
        spark.parallelize(files, tasks).map(file -> look(file, subject, hadoop)).collect();
    return new Result(
        looked.stream()
            .map(Looked::hit)
            .filter(hit -> !hit.columns().isEmpty())
            .sorted(Comparator.comparing(Hit::path))
            .toList(),
        looked.size(),
        looked.stream().mapToLong(Looked::bytes).sum());
  }

  private static Looked look(File file, Subject subject, SerializableConfiguration hadoop)
      throws IOException {
    Map<String, Long> columns = new java.util.TreeMap<>();
    long bytes = 0;
    try {
      FileSearch.Found found = FileSearch.in(new Path(file.uri()), subject, hadoop.value());
      columns.putAll(found.columns());
      bytes = found.bytes();
    } catch (FileNotFoundException e) {
      // Taken away since it was listed: a draft of somebody's commit.
    } catch (EOFException | ZipException | RuntimeException e) {
      // Parquet's reader has no type of its own for what is no Parquet. A store that doesn't answer
      // says nothing of the file, and ends the search.
      columns.put(TORN, 1L);
    }
    if (subject.isIn(file.path())) {
      columns.put("its name", 1L);
    }
    return new Looked(new Hit(file.path(), columns, file.bytes(), file.modified()), bytes);
  }

  private static List<File> files(Lake lake) {
    Path root = new Path(lake.root());
    String prefix = root.toUri().getPath() + "/";
    List<File> files = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> all = lake.files().listFiles(root, true);
      while (all.hasNext()) {
        LocatedFileStatus file = all.next();
        String path = file.getPath().toUri().getPath().substring(prefix.length());
        files.add(
            new File(file.getPath().toString(), path, file.getLen(), file.getModificationTime()));
      }
    } catch (FileNotFoundException e) {
      return files;
    } catch (IOException e) {
      throw new UnavailableException(lake.root() + ": can't be listed: " + e.getMessage(), e);
    }
    return files;
  }
}
