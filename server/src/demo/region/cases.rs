//! The children of the region, their parents and what is written about them.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{
    archetypes::{ARCHETYPES, Archetype, Home, ParentShape},
    calendar::offset,
    geography::Gemeente,
    layout::Size,
    names::Words,
    random::Random,
    schools::School,
};

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Track {
    /// S0 (signal) to S9 (closed).
    Stage(u8),
    /// A claim to exemption (LPW art. 5 onder a).
    Exemption,
    /// To the gemeente that the family moved to.
    HandOver,
}

/// A child; none exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildSeed {
    pub given_name: String,
    pub family_name: String,
    pub birth_date: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentSeed {
    pub name: String,
    pub email: Option<String>,
    /// `06-00` and six digits, outside the range of mobile numbers.
    pub phone: String,
    pub gezag: bool,
    /// Geheim adres: not to be told to anybody, the other parent included.
    pub secret_address: bool,
    /// BCP 47.
    pub language: &'static str,
    /// Whether a meeting needs a tolk.
    pub interpreter: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSeed {
    pub on: NaiveDate,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSeed {
    /// Archetype, 1 to 14; 0 of a child of the year before.
    pub number: u8,
    pub child: ChildSeed,
    pub parents: Vec<ParentSeed>,
    /// Vestigingscode; none for a child that is not enrolled.
    pub school: Option<String>,
    /// Gemeente code; its leerplichtambtenaar and Indicatiesteller are responsible.
    pub residence: String,
    /// `LRV`, `GEOORLOOFD_ZIEK`, `ABSOLUUT`, `SCHORSING`, `DREIGEND`, `VRIJSTELLING_5A`,
    /// `LUXE_NAAR_LRV`, `OPBOUW` or `VERHUISD`.
    pub absence: &'static str,
    pub first_absence_day: NaiveDate,
    pub track: Track,
    /// 0 (none) to 4 (external).
    pub escalation: u8,
    pub notes: Vec<NoteSeed>,
    /// The invented words of this case, as they are spelled in it.
    pub tokens: Vec<String>,
}

impl CaseSeed {
    /// How many parents have gezag.
    pub fn parents_with_gezag(&self) -> usize {
        self.parents.iter().filter(|parent| parent.gezag).count()
    }

    /// Everything personal in one text, for searching.
    pub fn text(&self) -> String {
        let mut text = format!("{} {}\n", self.child.given_name, self.child.family_name);
        for parent in &self.parents {
            let email = parent.email.as_deref().unwrap_or_default();
            text += &[parent.name.as_str(), email, &parent.phone].join(" ");
            text.push('\n');
        }
        for note in &self.notes {
            text += &note.text;
            text.push('\n');
        }
        text
    }
}

/// What a case is written with.
pub(super) struct Author<'a> {
    pub(super) words: Words,
    pub(super) random: Random,
    pub(super) first_day: NaiveDate,
    pub(super) gemeenten: &'a [Gemeente],
}

/// The school of every case: the first has the school of the story, the others one each.
pub(super) fn places(
    size: Size,
    schools: &[School],
    story: usize,
    random: &mut Random,
) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..schools.len()).filter(|&i| i != story).collect();
    random.shuffle(&mut order);
    let told = ARCHETYPES.iter().filter(|archetype| size.cases().contains(&archetype.number));
    told.map(|archetype| {
        let soort = archetype.school?;
        if archetype.number == 1 {
            return Some(story);
        }
        let at = order.iter().position(|&i| schools[i].soort == soort).expect("a school of every kind");
        Some(order.remove(at))
    })
    .collect()
}

/// The cases of that size, at those schools.
pub(super) fn tell(size: Size, schools: &[Option<&School>], mut author: Author) -> Vec<CaseSeed> {
    let told = ARCHETYPES.iter().filter(|archetype| size.cases().contains(&archetype.number));
    told.zip(schools).map(|(archetype, school)| author.write(archetype, *school)).collect()
}

impl Author<'_> {
    /// A case like that archetype, at that school.
    pub(super) fn write(&mut self, archetype: &Archetype, school: Option<&School>) -> CaseSeed {
        let first_absence_day = offset(self.first_day, -archetype.days);
        let child = ChildSeed {
            given_name: self.words.next_name(),
            family_name: self.words.next_name(),
            birth_date: self.birth_date(archetype, first_absence_day),
        };
        let mut tokens = vec![child.given_name.clone(), child.family_name.clone()];
        let parents = archetype.parents.iter().map(|shape| self.parent(*shape, &mut tokens)).collect();
        let notes = archetype.notes.iter().map(|&(days, text)| {
            let word = self.words.next();
            let text = format!("{} Trefwoord: {word}.", text.replace("{kind}", &child.given_name));
            tokens.push(word);
            NoteSeed { on: offset(self.first_day, -days), text }
        });
        CaseSeed {
            number: archetype.number,
            parents,
            notes: notes.collect(),
            child,
            school: school.map(|school| school.code.clone()),
            residence: self.residence(archetype.home, school),
            absence: archetype.absence,
            first_absence_day,
            track: archetype.track,
            escalation: archetype.escalation,
            tokens,
        }
    }

    fn parent(&mut self, shape: ParentShape, tokens: &mut Vec<String>) -> ParentSeed {
        let (given, family) = (self.words.next_name(), self.words.next_name());
        let name = format!("{given} {family}");
        tokens.extend([given, family]);
        let email = shape.email.then(|| {
            let local = self.words.next();
            let address = format!("{local}@thuispost.example");
            tokens.push(local);
            address
        });
        ParentSeed {
            name,
            email,
            phone: format!("06-00{:06}", 100_000 + self.random.below(900_000)),
            gezag: shape.gezag,
            secret_address: shape.secret_address,
            language: shape.language,
            interpreter: shape.language != "nl",
        }
    }

    /// Twelve comes within a fortnight; leerplichtig (LPW art. 3(1)) since the month of
    /// the first day of absence; otherwise the age holds for months to come.
    fn birth_date(&mut self, archetype: &Archetype, first_absence_day: NaiveDate) -> NaiveDate {
        let years = Months::new(12 * u32::from(archetype.age));
        match archetype.number {
            4 => first_absence_day.with_day(1).expect("a month has a first") - years - Days::new(12),
            8 => self.first_day - years + Days::new(10),
            _ => {
                self.first_day - years - Days::new(60 + u64::try_from(self.random.below(200)).expect("small"))
            }
        }
    }

    fn residence(&mut self, home: Home, school: Option<&School>) -> String {
        let Some(school) = school else { return self.random.pick(self.gemeenten).code.clone() };
        let others: Vec<_> =
            self.gemeenten.iter().filter(|gemeente| gemeente.code != school.gemeente).collect();
        match home {
            Home::SameGemeente => school.gemeente.clone(),
            Home::OtherGemeente => self.random.pick(&others).code.clone(),
        }
    }
}
