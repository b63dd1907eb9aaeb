package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MethodNameTest {
  @Test
  void itIsWrittenAsInSource() {
    assertThat(MethodName.parse("java.util.Map.put:(Ljava/lang/Object;[[I)V").readable())
        .isEqualTo("java.util.Map.put(Object, int[][])");
  }

  @Test
  void aConstructorIsNew() {
    assertThat(MethodName.parse("java.util.Map$X.<init>:()V").readable())
        .isEqualTo("java.util.Map$X.new()");
  }

  @Test
  void anArrayMayOwnTheMethod() {
    assertThat(MethodName.parse("[Ljava.lang.String;.clone:()Ljava/lang/Object;").readable())
        .isEqualTo("[Ljava.lang.String;.clone()");
  }

  @Test
  void aDescriptorThatMakesNoSenseIsShownAsItIs() {
    assertThat(MethodName.parse("a.b:(Q").readable()).isEqualTo("a.b(Q");
  }

  @Test
  void somethingElseIsRefused() {
    assertThatThrownBy(() -> MethodName.parse("nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nonsense");
  }
}
