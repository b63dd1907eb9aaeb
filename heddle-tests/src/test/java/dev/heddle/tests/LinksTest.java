package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The documentation hangs together: no link leads nowhere, and whoever comes to any page finds the others.
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final String INDEX = "docs/README.md";

  private record Link(Page page, int line, String target) {
    boolean isOnTheWeb() {
      return target.contains("://");
    }

    /// The file, from the root of the tree.
    String file() {
      var path = target.replaceFirst("#.*", "");
      return path.isEmpty()
          ? page.name()
          : Path.of(page.name()).resolveSibling(path).normalize().toString();
    }

    String anchor() {
      return target.contains("#") ? target.substring(target.indexOf('#') + 1) : "";
    }

    boolean leadsSomewhere() {
      return Files.exists(Page.root().resolve(file()))
          && (anchor().isEmpty() || Page.of(file()).anchors().contains(anchor()));
    }

    @Override
    public String toString() {
      return page.name() + ":" + line + ": " + target;
    }
  }

  private static List<Link> linksOf(Page page) {
    var links = new ArrayList<Link>();
    for (var line : page.prose()) {
      LINK.matcher(line.text()).results()
          .forEach(found -> links.add(new Link(page, line.number(), found.group(1))));
    }
    return links;
  }

  @Test
  void everyLinkLeadsSomewhere() {
    var links = Page.all().stream().flatMap(page -> linksOf(page).stream())
        .filter(link -> !link.isOnTheWeb()).toList();

    assertThat(links).hasSizeGreaterThan(100);
    assertThat(links).filteredOn(link -> !link.leadsSomewhere()).isEmpty();
  }

  @Test
  void theIndexLeadsToEveryPage() {
    var reached = new HashSet<String>();
    var next = new ArrayDeque<>(List.of(INDEX));
    while (!next.isEmpty()) {
      var name = next.pop();
      if (reached.add(name) && name.startsWith("docs/") && name.endsWith(".md")) {
        linksOf(Page.of(name)).stream().filter(link -> !link.isOnTheWeb()).map(Link::file)
            .forEach(next::push);
      }
    }
    var named = linksOf(Page.of(INDEX)).stream().map(Link::file).toList();

    assertThat(Page.all()).extracting(Page::name).isSubsetOf(reached);
    assertThat(Page.all()).extracting(Page::name)
        .filteredOn(name -> name.matches("docs/[^/]+\\.md")).filteredOn(name -> !name.equals(INDEX))
        .isSubsetOf(named);
  }

  @Test
  void everyPageSaysBelowItsTitleWhereItBelongs() {
    assertThat(Page.all()).filteredOn(page -> page.name().startsWith("docs/"))
        .filteredOn(page -> !page.name().equals(INDEX)).allSatisfy(page -> {
          var upwards = page.name().replaceFirst("^docs/", "").replaceAll("[^/]", "")
              .replace("/", "../");
          assertThat(page.lines().subList(1, 3)).as(page.name()).containsExactly("",
              "[Heddle](" + upwards + "../README.md) · [all pages](" + upwards + "README.md)");
        });
  }
}
