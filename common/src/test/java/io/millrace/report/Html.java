package io.millrace.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A page as a tree; it must be well-formed XML. */
final class Html {

  private final Document document;

  private Html(Document document) {
    this.document = document;
  }

  static Html of(String page) {
    try {
      byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
      return new Html(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(bytes)));
    } catch (Exception e) {
      throw new AssertionError("the page is not well-formed: " + e.getMessage(), e);
    }
  }

  List<Element> all(String name) {
    return list(document.getElementsByTagName(name));
  }

  Element section(String id) {
    return all("section").stream()
        .filter(section -> section.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no section " + id));
  }

  String text() {
    return document.getDocumentElement().getTextContent();
  }

  /** The texts of the cells of each row below an element, header cells with the others. */
  static List<List<String>> rows(Element below) {
    List<List<String>> rows = new ArrayList<>();
    for (Element row : list(below.getElementsByTagName("tr"))) {
      List<String> cells = new ArrayList<>();
      for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNextSibling()) {
        if (cell instanceof Element) {
          cells.add(cell.getTextContent().strip());
        }
      }
      rows.add(cells);
    }
    return rows;
  }

  static List<Element> list(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
