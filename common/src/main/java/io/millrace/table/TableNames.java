package io.millrace.table;

import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The tables that lie below a folder: at depth one or two, with a Delta log. */
final class TableNames {

  private TableNames() {}

  /** Their names, sorted. */
  static List<String> below(Path root, FileSystem files) {
    List<String> names = new ArrayList<>();
    for (String first : folders(root, "", files)) {
      if (isTable(root, first, files)) {
        names.add(first);
        continue;
      }
      for (String second : folders(root, first + "/", files)) {
        if (isTable(root, first + "/" + second, files)) {
          names.add(first + "/" + second);
        }
      }
    }
    names.sort(null);
    return names;
  }

  private static boolean isTable(Path root, String name, FileSystem files) {
    try {
      return files.exists(new Path(new Path(root, name), "_delta_log"));
    } catch (IOException e) {
      throw new UnavailableException(name + ": " + Lake.firstLine(e), e);
    }
  }

  private static List<String> folders(Path root, String prefix, FileSystem files) {
    List<String> names = new ArrayList<>();
    Path folder =
        prefix.isEmpty() ? root : new Path(root, prefix.substring(0, prefix.length() - 1));
    try {
      for (FileStatus status : files.listStatus(folder)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && !name.startsWith("_") && !name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    } catch (IOException e) {
      throw new UnavailableException("lake " + folder + ": " + Lake.firstLine(e), e);
    }
    return names;
  }
}
