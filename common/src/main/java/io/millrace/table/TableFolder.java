package io.millrace.table;

import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The data files that lie in a table's folder, whether its log names them or not. */
public final class TableFolder {

  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** Names that Delta's writers give: Spark's, Kernel's, change data, deletion vectors. */
  private static final Pattern NAME =
      Pattern.compile(
          "((part|cdc)-[0-9]+-%1$s[-.].*\\.parquet|%1$s-[0-9]+\\.parquet|deletion_vector_%1$s\\.bin)"
              .formatted(UUID));

  private static final int DELETERS = 16;

  private TableFolder() {}

  /**
   * A file.
   *
   * @param path its whole path
   * @param modified when it was written
   */
  public record FoundFile(String path, long bytes, Instant modified) {

    /** The last part of the path. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /**
   * Names of all files in a table's folder, whoever wrote them; on a branch, in its own and in
   * main's.
   */
  public static Set<String> names(Lake lake, String table) {
    Set<String> names = new HashSet<>();
    lake.folders(table)
        .forEach(
            folder ->
                all(lake, table, folder).forEach(file -> names.add(file.getPath().getName())));
    return names;
  }

  private static List<LocatedFileStatus> all(Lake lake, String table, Path folder) {
    List<LocatedFileStatus> all = new ArrayList<>();
    try {
      RemoteIterator<LocatedFileStatus> files = lake.files().listFiles(folder, true);
      while (files.hasNext()) {
        all.add(files.next());
      }
      return all;
    } catch (FileNotFoundException e) {
      throw new UnavailableException(table + ": was changed while it was listed; try again", e);
    } catch (IOException e) {
      throw new UnavailableException(table + ": can't be listed: " + e.getMessage(), e);
    }
  }

  /**
   * The files of Delta's writers in a table's folder, in one listing. What has another name, lies
   * in a hidden folder or belongs to a table within this one is none of them.
   */
  public static List<FoundFile> list(Lake lake, String table) {
    List<LocatedFileStatus> all = all(lake, table, lake.path(table));
    String start = lake.path(table) + "/";
    Set<String> within = new TreeSet<>();
    for (LocatedFileStatus file : all) {
      String path = relative(start, file);
      int log = path.indexOf("/_delta_log/");
      if (log >= 0) {
        within.add(path.substring(0, log + 1));
      }
    }
    List<FoundFile> found = new ArrayList<>();
    for (LocatedFileStatus file : all) {
      String path = relative(start, file);
      if (isData(path) && within.stream().noneMatch(path::startsWith)) {
        found.add(
            new FoundFile(
                file.getPath().toString(),
                file.getLen(),
                Instant.ofEpochMilli(file.getModificationTime())));
      }
    }
    return found;
  }

  private static String relative(String start, LocatedFileStatus file) {
    String path = file.getPath().toString();
    if (!path.startsWith(start)) {
      throw new IllegalStateException(path + " was listed below " + start);
    }
    return path.substring(start.length());
  }

  static boolean isData(String relative) {
    String[] parts = relative.split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      boolean hidden = parts[i].startsWith(".") || parts[i].startsWith("_");
      // A partition's column may begin with _, as raw's day does.
      boolean ours = parts[i].equals("_change_data") || parts[i].matches("_.*=.*");
      if (hidden && !ours) {
        return false;
      }
    }
    return NAME.matcher(parts[parts.length - 1]).matches();
  }

  /**
   * Deletes files, many at once.
   *
   * @return those that were there until now
   * @throws UnavailableException where one can't be deleted; others are by then
   */
  public static List<FoundFile> delete(Lake lake, List<FoundFile> files) {
    FileSystem system = lake.files();
    ExecutorService deleters = Executors.newFixedThreadPool(DELETERS);
    try {
      List<Future<Boolean>> deleting = new ArrayList<>();
      for (FoundFile file : files) {
        deleting.add(deleters.submit(() -> system.delete(new Path(file.path()), false)));
      }
      List<FoundFile> deleted = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        if (deleting.get(i).get()) {
          deleted.add(files.get(i));
        }
      }
      return deleted;
    } catch (ExecutionException e) {
      throw new UnavailableException(
          "vacuum: a file can't be deleted: "
              + e.getCause().getMessage()
              + "; mend that, the same command again does the rest",
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("vacuum: interrupted", e);
    } finally {
      deleters.shutdown();
    }
  }
}
