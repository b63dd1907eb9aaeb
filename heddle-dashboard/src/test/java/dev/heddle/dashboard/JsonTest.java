package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
  @Test
  void whatIsWrittenIsReadAsItWas() throws Exception {
    var hostile = "a\"b\\c\n\t\r\u0000\u2028</script>\ud83e\uddf5\ud83e é漢";
    var text = new Json().object().add("text", hostile).array("list").add(1).add(-2.5).add("x")
        .object().add("flag", true).endObject().endArray().add("none", Double.NaN).endObject()
        .toString();
    assertThat(text.lines()).hasSize(1);
    var read = JsonMapper.shared().readTree(text);
    assertThat(read.get("text").asString()).isEqualTo(hostile);
    assertThat(read.get("list").get(1).asDouble()).isEqualTo(-2.5);
    assertThat(read.get("list").get(3).get("flag").asBoolean()).isTrue();
    assertThat(read.get("none").asDouble()).isZero();
  }
}
