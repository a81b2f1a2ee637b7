//! The verklaring van vernietiging: what was destroyed, when and by whom, without a word about whom it was.

use std::{collections::BTreeMap, fmt::Write};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{retention::RetentionClass, words};
use crate::access::Role;

/// Parts of one class that went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destroyed {
    /// Which class.
    pub class: RetentionClass,
    /// How many cases, meetings and requests.
    pub count: u32,
    /// The oldest end of a term among them; none when they went by a right.
    pub oldest: Option<NaiveDate>,
    /// Law article or decision.
    pub basis: String,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The version of this form.
    pub form: String,
    /// Which destruction: `destructions/{uuid}`.
    pub name: String,
    /// ERASURE or RETENTION.
    pub kind: String,
    /// The region: its samenwerkingsverband.
    pub region: String,
    /// When.
    pub destroyed_at: DateTime<Utc>,
    /// The function of who proposed.
    pub proposed_as: String,
    /// The function of who approved; somebody else.
    pub approved_as: String,
    /// By class.
    pub parts: Vec<Destroyed>,
    /// Rows that went, by table.
    pub rows: BTreeMap<String, u64>,
    /// How many persons' keys were destroyed.
    pub keys: u32,
}

/// A statement as a file: the exact text that was signed, beside the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The JSON of a [`Statement`].
    pub statement: String,
    /// Ed25519, hexadecimal.
    pub signature: String,
    /// Of the signer, hexadecimal: to be compared with what the server says itself.
    pub public_key: String,
}

impl Statement {
    /// The present form.
    pub const FORM: &'static str = "schakel.privacy.statement/1";

    /// To read, in Dutch.
    pub fn text(&self) -> String {
        let mut text = String::from("Verklaring van vernietiging\n\n");
        let why = if self.kind == "ERASURE" {
            "op verzoek of omdat de gegevens hier niet hoorden (AVG artikel 17)"
        } else {
            "omdat de bewaartermijn voorbij is"
        };
        let line = |text: &mut String, line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        line(&mut text, format!("Kenmerk: {}", self.name));
        line(&mut text, format!("Regio: {}", self.region));
        line(&mut text, format!("Vernietigd op: {}", words::moment(self.destroyed_at)));
        line(&mut text, format!("Reden: {why}"));
        line(&mut text, format!("Voorgesteld door: {}", role(&self.proposed_as)));
        line(&mut text, format!("Goedgekeurd door: {} (een ander)", role(&self.approved_as)));
        text.push_str("\nWat er is vernietigd:\n");
        for part in &self.parts {
            let class: &str = part.class.into();
            let _ = write!(text, "- {}: {}", words::word(class), part.count);
            if let Some(oldest) = part.oldest {
                let _ = write!(text, ", oudste termijn eindigde op {}", words::date(oldest));
            }
            let _ = writeln!(text, " (grondslag: {})", part.basis);
        }
        let rows: u64 = self.rows.values().sum();
        let _ = writeln!(text, "\nRegels in de database: {rows}. Vernietigde sleutels: {}.", self.keys);
        text.push_str(
            "De gegevens zijn niet meer te lezen. Wie wat zag en deed blijft zonder namen bewaard.\n",
        );
        text
    }
}

/// The function in Dutch; several are separated by spaces.
fn role(text: &str) -> String {
    let roles = text.split(' ').filter_map(|role| role.parse::<Role>().ok());
    roles.map(|role| words::word(role.into())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_as_dutch_and_comes_back_from_its_json() {
        let statement = Statement {
            form: Statement::FORM.into(),
            name: "destructions/x".into(),
            kind: "RETENTION".into(),
            region: "SWV PO Maasduin".into(),
            destroyed_at: "2047-11-23T08:00:00Z".parse().unwrap(),
            proposed_as: "BEHEERDER".into(),
            approved_as: "FG".into(),
            parts: vec![Destroyed {
                class: RetentionClass::Jeugdhulp,
                count: 2,
                oldest: Some("2046-11-23".parse().unwrap()),
                basis: "Jeugdwet 7.3.8".into(),
            }],
            rows: BTreeMap::from([("case_event".into(), 3), ("thuiszitter".into(), 1)]),
            keys: 3,
        };
        let text = statement.text();
        for said in [
            "Vernietigd op: 23 november 2047, 09:00",
            "Voorgesteld door: functioneel beheerder",
            "- jeugdhulp: 2, oudste termijn eindigde op 23 november 2046 (grondslag: Jeugdwet 7.3.8)",
            "Regels in de database: 4. Vernietigde sleutels: 3.",
        ] {
            assert!(text.contains(said), "{said}\n{text}");
        }
        let json = serde_json::to_string(&statement).unwrap();
        assert_eq!(serde_json::from_str::<Statement>(&json).unwrap(), statement);
    }
}
