//! What takes long says so in a real browser: how much of a file is sent, and that the server works on it.

use serde_json::json;

use super::Stage;

/// A school that the register does not have, as DUO writes it.
const FILE: &str = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
    HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;\
    INTERNETADRES\r\n\
    Limburg;41234;90AB;90AB00;De Kei;Dorpsstraat;1;5900 AB;Ravelmonde;9901;Ravelmonde;;;\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn e01_a_file_that_is_sent_and_a_page_that_is_long_in_coming_say_so_and_go_once() {
    const NAME: &str = "e01_a_file_that_is_sent_and_a_page_that_is_long_in_coming_say_so_and_go_once";
    let Some(stage) = Stage::set(NAME) else { return };
    let seen = stage.walk("importing", &json!({ "kind": "Scholen (DUO)", "file": FILE }));
    let told = |words: &str, counts: bool| json!({ "words": words, "shown": true, "counts": counts, "disabled": true });
    let sending = told("Het bestand wordt verstuurd. Laat deze pagina open.", true);
    let reading =
        told("Wij lezen nu wat u stuurde. Dat kan een halve minuut duren. Laat deze pagina open.", false);
    assert_eq!(seen["file"], json!([sending, reading]), "first how much was sent, then that it is read");
    let coming = told("Even geduld, wij zijn ermee bezig. Laat deze pagina open.", false);
    assert_eq!(seen["page"], json!([coming]));
    // Each button was pressed again while it was said.
    assert_eq!((&seen["sent"], &seen["asked"]), (&json!(1), &json!(1)));
    assert_eq!((&seen["before"], &seen["after"]), (&json!(false), &json!(false)));
}
