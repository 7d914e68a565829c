package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OverviewPageTest {
  private static Answer page(AdminSources sources) {
    return OverviewPage.answer(
        new StatusReporter(sources, InstantSource.fixed(Sample.NOW)).report());
  }

  @Test
  void showsTheStatus() {
    assertThat(page(Sample.sources()).body())
        .contains("Version 0.1.0, up 1 h 2 min, epoll, 2 event loops. State: ready.")
        .contains("Access log: 7 records dropped, 3 lines lost.")
        .contains("<tr><td>web</td><td>127.0.0.1:8080</td><td>http</td><td class=\"n\">5</td>")
        .contains("<h2>Pool site</h2>")
        .contains("round-robin, 2 retries, 0 requests without an endpoint")
        .contains("1 usable endpoints, availability 100.000 %")
        .contains(
            "<tr><td>10.0.0.12:80</td><td>DRAIN</td><td>DOWN (ejected for 30.0 s: 5 errors in a row)</td><td class=\"n\">0</td>");
  }

  @Test
  void linksToTheOtherPages() {
    String body = page(Sample.sources()).body();
    assertThat(AdminPages.routes(Sample.sources(), InstantSource.system()).keySet())
        .filteredOn(path -> !path.equals("/"))
        .allSatisfy(path -> assertThat(body).contains("<a href=\"" + path + "\">"));
  }

  @Test
  void namesAreEscaped() {
    String body = page(Sample.sources("<script>alert('a')</script>", "\"&pool")).body();
    assertThat(body)
        .contains("<td>&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;</td>")
        .contains("<h2>Pool &quot;&amp;pool</h2>")
        .doesNotContain("<script");
  }

  @Test
  void thePolicyAllowsItsStyleAndNothingElse() throws Exception {
    Answer answer = page(Sample.sources());
    Matcher style = Pattern.compile("<style>(.*)</style>", Pattern.DOTALL).matcher(answer.body());
    assertThat(style.find()).isTrue();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(UTF_8));
    assertThat(answer.fields())
        .containsEntry(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(digest)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(answer.body()).doesNotContain(" style=").doesNotContain(" src=");
  }
}
