//! Files of the register that the beheerder has read in: first seen, then taken.

use schakel_proto::v1 as pb;
use schakel_tests::workplace::SESSION;

use super::{Desk, press, shows};

const DUO: &str = "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;STRAATNAAM;\
    HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;\
    INTERNETADRES\r\n\
    Limburg;41234;90AB;90AB00;De Kei;Dorpsstraat;1;5900 AB;Ravelmonde;9901;Ravelmonde;;;\r\n\
    Limburg;41234;90AC;90AC00;De Fout;Dorpsstraat;1;KAPOT;Ravelmonde;9901;Ravelmonde;;;\r\n";

#[tokio::test]
async fn a_preview_shows_the_bad_row_and_changes_nothing_until_it_is_confirmed() {
    let desk = Desk::beheerder().await;
    let preview = [("do", "preview"), ("kind", "KIND_SCHOOLS"), ("text", DUO)];
    let seen = desk.press("/region/import", &preview).await;
    assert_eq!(seen.status, 200);
    shows(&seen, &["Dit gaat er veranderen", "90AB00", "Foute regels", "POSTCODE", "Nu inlezen"]);
    assert!(desk.school("90AB00").await.is_empty(), "nothing is stored yet");
    let confirm = [("do", "confirm"), ("kind", "KIND_SCHOOLS"), ("text", DUO)];
    shows(&desk.press("/region/import", &confirm).await, &["Het bestand is ingelezen"]);
    assert_eq!(desk.school("90AB00").await[0].display_name, "De Kei");
    assert!(desk.school("90AC00").await.is_empty(), "the bad row is not taken");
    let unknown = [("do", "preview"), ("kind", "KIND_WIJKEN"), ("text", DUO)];
    let refused = desk.press("/region/import", &unknown).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-chunk\""]);
}

#[tokio::test]
async fn what_a_script_says_while_a_file_is_sent_is_in_the_language_of_the_page() {
    let desk = Desk::beheerder().await;
    let dutch = desk.browser.get("/region/import").await;
    shows(
        &dutch,
        &[
            "data-sending=\"Het bestand wordt verstuurd.",
            "data-busy=\"Wij lezen nu wat u stuurde.",
            "aria-label=\"Voortgang\" hidden",
        ],
    );
    let english = [("language", "en"), ("to", "/region/import")];
    assert_eq!(desk.browser.post_bare("/language", &english).await.status, 303);
    let english = desk.browser.get("/region/import").await;
    shows(
        &english,
        &[
            "data-sending=\"The file is being sent.",
            "data-busy=\"We are reading what you sent.",
            "aria-label=\"Progress\" hidden",
        ],
    );
    for path in ["/board/supply", "/board/indicators", "/region/import"] {
        shows(&desk.browser.get(path).await, &["role=\"status\"></p>"]);
    }
}

#[tokio::test]
async fn a_file_that_a_script_sends_is_previewed_the_same() {
    let desk = Desk::beheerder().await;
    let token = desk.browser.token().await;
    let headers = [
        ("schakel-form", token.as_str()),
        ("content-type", "application/octet-stream"),
        ("sec-fetch-site", "same-origin"),
    ];
    for (word, said, stored) in
        [("preview", "Dit gaat er veranderen", 0), ("confirm", "Het bestand is ingelezen", 1)]
    {
        let id = desk.region.server.request_id();
        let path = format!("/region/import/file?kind=KIND_SCHOOLS&do={word}&request_id={id}");
        assert_eq!(desk.browser.send("POST", &path, &headers[1..], DUO).await.status, 403);
        shows(&desk.browser.send("POST", &path, &headers, DUO).await, &[said]);
        assert_eq!(desk.school("90AB00").await.len(), stored);
    }
}

#[tokio::test]
async fn a_file_of_somebody_who_may_not_import_is_refused_before_it_is_read() {
    let desk = Desk::beheerder().await;
    let ib = desk.region.somebody("IB1", &desk.region.school, pb::Role::Iber).await;
    let browser = desk.of(&ib).await;
    let (token, secret) = (browser.token().await, browser.cookie(SESSION));
    let id = desk.region.server.request_id();
    // Sixteen megabytes are announced and none is sent: whoever waited for them would not answer.
    let head = format!(
        "POST /region/import/file?kind=KIND_SCHOOLS&do=preview&request_id={id} HTTP/1.1\r\n\
         host: schakel.example\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         cookie: {SESSION}={secret}\r\nschakel-form: {token}\r\n\
         content-type: application/octet-stream\r\ncontent-length: 16777216\r\n\r\n"
    );
    assert_eq!(desk.region.server.http().await.raw(head.as_bytes()).await.status, 404);
    let pasted = [("kind", "KIND_SCHOOLS"), ("do", "preview"), ("text", DUO)];
    assert_eq!(press(&desk.region, &browser, "/region/import", &pasted).await.status, 404);
}
