package mooncake.source.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramClientTest {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    @Test
    void startsWithoutChannelBinding() {
        assertThat(new ScramClient("pencil", NONCE).first()).isEqualTo("n,,n=,r=" + NONCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=other,s=c2FsdA==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqO,s=c2FsdA==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=0",
                "r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=2000000000",
                "r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOx,i=4096",
                "m=x,r=rOprNGfwEbeRWgbNEkqOx,s=c2FsdA==,i=4096",
                "",
            })
    void refusesBadChallenges(String challenge) {
        assertThatThrownBy(() -> new ScramClient("pencil", NONCE).answer(challenge))
                .hasMessageContaining("SCRAM login failed");
    }

    @Test
    void refusesAWrongProof() {
        ScramClient client = new ScramClient("pencil", NONCE);
        assertThat(client.answer("r=" + NONCE + "x,s=c2FsdA==,i=4096")).startsWith("c=biws,r=" + NONCE + "x,p=");

        assertThatThrownBy(() -> client.verify("v=AAAA")).hasMessageContaining("could not prove");
        assertThatThrownBy(() -> client.verify("e=other-error")).hasMessageContaining("other-error");
        assertThatThrownBy(() -> new ScramClient("p", NONCE).verify("v=")).hasMessageContaining("could not prove");
        assertThat(client.verified()).isFalse();
    }
}
