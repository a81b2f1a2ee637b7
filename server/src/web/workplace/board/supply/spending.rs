//! What support costs in each wijk, on the page of supply: as it is told, and the forms of who sets it.

use minijinja::{Value, context};
use pb::{SupportWay, report_service_client::ReportServiceClient};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use crate::web::workplace::{
    trouble::{Faults, Trouble},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Wat ondersteuning kost", "What support costs";
    intro: "Dit wordt in elke wijk in dit schooljaar uitgegeven aan ondersteuning: één bedrag in hele euro's, en voor hoeveel kinderen het is.",
        "This is spent on support in each wijk in this school year: one amount in whole euros, and for how many children it is.";
    meaning: "Zelf bieden: scholen en het samenwerkingsverband geven de ondersteuning zelf. Inkopen: iemand anders geeft de ondersteuning, tegen betaling.",
        "Offered: schools and the samenwerkingsverband give the support themselves. Bought: somebody else gives it and is paid.";
    rounded: "Mag u niet alle dossiers van de regio tellen? Dan is het aantal kinderen afgerond op 5.",
        "If you do not count all cases of the region, the number of children is rounded to 5.";
    withheld_why: "Een streepje bij bedragen betekent: dat tonen wij u niet. Het is voor zo weinig kinderen dat u zou weten wat één kind kost, of het jaar is nog niet voorbij.",
        "A dash at amounts means: not shown to you. They are for so few children that you would know what one child costs, or the year is not over.";
    wijk: "Wijk", "Wijk";
    offered: "Zelf bieden", "Offered";
    bought: "Inkopen", "Bought";
    euros: "euro", "euros";
    children: "kinderen", "children";
    unset: "niet ingevuld", "not filled in";
    withheld: "tonen wij u niet", "not shown to you";
    set: "Bedragen vastleggen", "Set amounts";
    save: "Opslaan", "Save";
}

/// What `do` says of the form.
pub(super) const SET: &str = "spend";

/// What was typed and refused.
pub(super) struct Tried {
    pub(super) faults: Faults,
    wijk_code: String,
    way: SupportWay,
    euros: String,
    children: String,
    etag: String,
}

/// What a wijk spends in one way, and the form that sets it.
pub(super) fn account(
    one: &pb::SpendingAccount,
    wijk_code: &str,
    (language, tried): (Language, Option<&Tried>),
) -> Value {
    let own = words(language);
    let mine = tried.filter(|tried| tried.wijk_code == wijk_code && tried.way == one.way());
    let label = match one.way() {
        SupportWay::Offered => own.offered,
        SupportWay::Bought => own.bought,
        SupportWay::Unspecified => "",
    };
    // Whoever saves a form that nobody filled in does not say that it cost nothing.
    let unset = one.etag == "0";
    let kept = |number: i32| if unset || one.withheld { String::new() } else { number.to_string() };
    let fault = |field: &str| mine.and_then(|tried| tried.faults.fields.get(field)).map(String::as_str);
    let etag = mine.map_or(one.etag.as_str(), |tried| tried.faults.etag(&tried.etag, &one.etag));
    context! {
        label, unset, etag,
        way => one.way().as_str_name(),
        withheld => one.withheld,
        euros => grouped(one.euros, language),
        children => one.children,
        typed_euros => mine.map_or_else(|| kept(one.euros), |tried| tried.euros.clone()),
        typed_children => mine.map_or_else(|| kept(one.children), |tried| tried.children.clone()),
        fault_euros => fault("support_spending.euros"),
        fault_children => fault("support_spending.children"),
    }
}

/// `60.000`, or `60,000` in English.
fn grouped(number: i32, language: Language) -> String {
    let sign = match language {
        Language::Dutch => '.',
        Language::English => ',',
    };
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(sign);
        }
        written.push(digit);
    }
    written
}

/// Sets what a wijk spends; what was refused.
pub(super) async fn set(visit: &Visit, form: &Posted) -> Result<Option<Tried>, Trouble> {
    let wijk_code = form.one("wijk_code")?.to_owned();
    let way = SupportWay::from_str_name(form.one("way")?).unwrap_or_default();
    let (euros, children) = (form.one("euros")?.to_owned(), form.one("children")?.to_owned());
    let etag = form.one("etag")?.to_owned();
    let spending = pb::SupportSpending {
        school_year: form.one("school_year")?.to_owned(),
        wijk_code: wijk_code.clone(),
        way: way.into(),
        // What is no number is refused at its field.
        euros: euros.parse().unwrap_or(-1),
        children: children.parse().unwrap_or(-1),
        etag: etag.clone(),
    };
    let request_id = form.given("request_id")?.to_owned();
    let ask = pb::SetSupportSpendingRequest { support_spending: Some(spending), request_id };
    let Err(status) = ReportServiceClient::new(visit.calls()).set_support_spending(ask).await else {
        return Ok(None);
    };
    Ok(Some(Tried { faults: Faults::of(status)?, wijk_code, way, euros, children, etag }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_threes() {
        for (number, written) in
            [(0, "0"), (999, "999"), (1_000, "1.000"), (60_000, "60.000"), (100_000_000, "100.000.000")]
        {
            assert_eq!(grouped(number, Language::Dutch), written);
        }
        assert_eq!(grouped(1_234_567, Language::English), "1,234,567");
    }
}
