package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Key;
import org.junit.jupiter.api.Test;

class ChainTest {
  @Test
  void whatFailedItselfWasNeededByNobody() {
    var site = CallSite.here();
    assertThat(Chain.NONE.lines(Key.of("x"), site)).containsExactly("submitted at " + site);
  }

  @Test
  void eachLinkIsALine() {
    var site = CallSite.here();
    var chain = Chain.NONE.through(Key.of("x"), site).through(Key.of("y"), null);
    assertThat(chain.lines(Key.of("z"), site)).containsExactly("submitted at " + site,
        "needed by 'y'", "needed by 'z', submitted at " + site);
    assertThat(chain.origin(null)).isEqualTo(site);
  }

  @Test
  void aLongWayLosesItsMiddle() {
    var chain = Chain.NONE;
    for (var i = 0; i < 100; i++) {
      chain = chain.through(Key.of("t" + i), null);
    }
    assertThat(chain.links()).hasSize(Chain.LINKS_MAX);
    assertThat(chain.lines(Key.of("end"), null)).containsExactly("needed by 't1'",
        "needed by 't2'", "needed by 't3'", "needed by 't4'", "needed by 't5'", "needed by 't6'",
        "needed by 92 more, one by the other", "needed by 't99'", "needed by 'end'");
  }
}
