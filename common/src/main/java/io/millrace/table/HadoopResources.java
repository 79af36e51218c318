package io.millrace.table;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keeps Hadoop from opening every jar, in a process that only looks at logs and small tables. To
 * learn that something isn't on the class path, Java opens each of its three hundred jars, a fifth
 * of what such a command takes. Of the class path that the launcher makes it is known:
 *
 * <ul>
 *   <li>Site files, such as {@code core-site.xml}, are in its folders, if anywhere.
 *   <li>The file systems that its jars announce are those in {@link #SETTINGS} and Hadoop's
 *       defaults. To make them all, as Hadoop does, also asks who the user is.
 * </ul>
 */
final class HadoopResources extends ClassLoader {

  private static final String SITE = "-site.xml";
  private static final String FILE_SYSTEMS = "META-INF/services/org.apache.hadoop.fs.FileSystem";

  /**
   * The file systems by name, and none kept: Hadoop keeps them by user, and a new one takes less
   * than to ask the system for that one.
   */
  static final Map<String, String> SETTINGS =
      Map.of(
          "fs.file.impl.disable.cache", "true",
          "fs.hdfs.impl", "org.apache.hadoop.hdfs.DistributedFileSystem",
          "fs.webhdfs.impl", "org.apache.hadoop.hdfs.web.WebHdfsFileSystem",
          "fs.swebhdfs.impl", "org.apache.hadoop.hdfs.web.SWebHdfsFileSystem",
          "fs.viewfs.impl", "org.apache.hadoop.fs.viewfs.ViewFileSystem",
          "fs.har.impl", "org.apache.hadoop.fs.HarFileSystem",
          "fs.http.impl", "org.apache.hadoop.fs.http.HttpFileSystem",
          "fs.https.impl", "org.apache.hadoop.fs.http.HttpsFileSystem");

  private final List<String> folders;

  HadoopResources(ClassLoader parent, String classPath) {
    super(parent);
    this.folders =
        Stream.of(classPath.split(File.pathSeparator))
            .filter(entry -> !entry.endsWith(".jar"))
            .toList();
  }

  /** For this thread, and those that it starts from now on. */
  static void use() {
    Thread thread = Thread.currentThread();
    thread.setContextClassLoader(
        new HadoopResources(thread.getContextClassLoader(), System.getProperty("java.class.path")));
  }

  @Override
  public URL getResource(String name) {
    return name.endsWith(SITE) ? inFolders(name) : super.getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.equals(FILE_SYSTEMS)) {
      return super.getResources(name);
    }
    return Collections.emptyEnumeration();
  }

  private URL inFolders(String name) {
    for (String folder : folders) {
      File file = new File(folder, name);
      if (file.isFile()) {
        try {
          return file.toURI().toURL();
        } catch (MalformedURLException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return null;
  }
}
