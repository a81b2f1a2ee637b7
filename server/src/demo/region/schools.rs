//! School boards and vestigingen.

use std::collections::BTreeSet;

use super::{
    geography::Wijk,
    layout::{GemeentePlan, Size},
    names,
    random::Random,
    teams::Team,
};

/// A legal body that holds zorgplicht.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Five digits, as DUO writes it.
    pub number: String,
    pub denomination: &'static str,
}

/// What kind of school a vestiging is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchoolSoort {
    /// Regular primary school.
    Bao,
    /// Special primary school.
    Sbo,
    /// Special education.
    So,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Vestigingscode, in the invented range 90AA00 to 94ZZ09.
    pub code: String,
    /// With its kind: `OBS De Ravelschans`.
    pub name: String,
    /// Host of its web and mail, under `.example`.
    pub domain: String,
    /// Number of its board.
    pub board: String,
    pub denomination: &'static str,
    pub street: String,
    pub house_number: String,
    /// Without a space.
    pub postcode: String,
    pub place: String,
    /// Ten digits.
    pub phone: String,
    pub gemeente: String,
    pub wijk: String,
    /// The team whose area it lies in, linked or not.
    pub team: String,
    pub soort: SchoolSoort,
    pub pupils: u32,
    /// What the school was promised of a schoolmaatschappelijk werker.
    pub smw_minutes_per_week: u32,
}

/// Denomination, boards and how many schools, per hundred and fourteen: 33, 30, 30 and 7 %.
const FULL_MIX: [(&str, usize, usize); 4] = [
    ("Openbaar", 3, 38),
    ("Protestants-Christelijk", 2, 34),
    ("Rooms-Katholiek", 3, 34),
    ("Algemeen bijzonder", 1, 8),
];

const SMALL_MIX: [(&str, usize, usize); 2] = [("Openbaar", 1, 4), ("Rooms-Katholiek", 1, 4)];

/// Quantiles of a lognormal distribution with median 165, cut at 38 and 610.
const PUPILS: [u32; 26] = [
    38, 58, 70, 80, 89, 97, 106, 114, 123, 131, 141, 150, 160, 170, 182, 194, 207, 222, 238, 258, 280, 307,
    342, 390, 466, 610,
];

/// Letters that postcodes use; without S none spells SA, SD or SS.
const POSTCODE_LETTERS: &[u8] = b"ABCDEGHJKLMNPRTVWXZ";

fn mix(size: Size) -> &'static [(&'static str, usize, usize)] {
    match size {
        Size::Full => &FULL_MIX,
        Size::Small => &SMALL_MIX,
    }
}

pub(super) fn boards(size: Size) -> Vec<Board> {
    let denominations = mix(size).iter().flat_map(|&(denomination, boards, _)| vec![denomination; boards]);
    denominations
        .enumerate()
        .map(|(n, denomination)| Board { number: (99101 + n).to_string(), denomination })
        .collect()
}

/// What the schools are built from, one of each per school.
struct Supplies {
    random: Random,
    names: std::vec::IntoIter<String>,
    streets: std::vec::IntoIter<String>,
    boards: Vec<Board>,
    codes: BTreeSet<String>,
}

impl Supplies {
    fn new(size: Size, seed: u64) -> Self {
        let mut random = Random::stream(seed, "schools");
        let all = boards(size);
        let mut each = Vec::new();
        for &(denomination, _, schools) in mix(size) {
            let own: Vec<&Board> = all.iter().filter(|board| board.denomination == denomination).collect();
            each.extend((0..schools).map(|n| own[n % own.len()].clone()));
        }
        random.shuffle(&mut each);
        Self {
            names: names::schools(&mut random).into_iter(),
            streets: names::streets(&mut random).into_iter(),
            boards: each,
            codes: BTreeSet::new(),
            random,
        }
    }

    /// A new hoofdvestiging, or now and then a second vestiging of the school before it.
    fn code(&mut self, before: Option<&School>, board: &Board) -> String {
        if let Some(school) =
            before.filter(|school| school.board == board.number && school.code.ends_with("00"))
        {
            let second = format!("{}01", &school.code[..4]);
            self.codes.insert(second.clone());
            return second;
        }
        loop {
            let mut letter = || char::from(b'A' + u8::try_from(self.random.below(26)).expect("26 letters"));
            let letters = format!("{}{}", letter(), letter());
            let code = format!("{}{letters}00", 90 + self.random.below(5));
            if self.codes.insert(code.clone()) {
                return code;
            }
        }
    }
}

/// Schools in the order of their gemeenten and wijken; neighbours stand side by side.
pub(super) fn found(size: Size, seed: u64, land: (&[Wijk], &[Team])) -> Vec<School> {
    let (wijken, teams) = land;
    let mut supplies = Supplies::new(size, seed);
    let mut schools: Vec<School> = Vec::new();
    for plan in size.gemeenten() {
        let here: Vec<&Wijk> = wijken.iter().filter(|wijk| wijk.gemeente == plan.code).collect();
        let teams: Vec<&Team> = teams.iter().filter(|team| team.gemeente == plan.code).collect();
        for n in 0..plan.schools {
            let wijk = n * plan.wijken / plan.schools;
            let team = teams[wijk * plan.teams / plan.wijken];
            let school = build(&mut supplies, plan, &schools, (here[wijk], team));
            schools.push(school);
        }
    }
    schools
}

fn build(supplies: &mut Supplies, plan: &GemeentePlan, built: &[School], at: (&Wijk, &Team)) -> School {
    let n = built.len();
    let board = supplies.boards.pop().expect("a board for every school");
    let bare = supplies.names.next().expect("more names than schools");
    let soort = soort(n);
    let before =
        built.last().filter(|last| n % 3 == 2 && (last.soort, soort) == (SchoolSoort::Bao, SchoolSoort::Bao));
    let code = supplies.code(before, &board);
    let random = &mut supplies.random;
    let letters: String = (0..2).map(|_| char::from(*random.pick(POSTCODE_LETTERS))).collect();
    School {
        code,
        name: format!("{} {bare}", prefix(soort, board.denomination)),
        domain: format!("{}.example", names::slug(&bare)),
        board: board.number,
        denomination: board.denomination,
        street: supplies.streets.next().expect("more streets than schools"),
        house_number: house_number(random),
        postcode: format!("{}{letters}", at.0.postcode4),
        place: if plan.wijken > 10 { plan.name } else { &at.0.name }.to_owned(),
        phone: format!("0889901{n:03}"),
        gemeente: plan.code.to_owned(),
        wijk: at.0.code.clone(),
        team: at.1.code.clone(),
        soort,
        pupils: pupils(soort, n),
        smw_minutes_per_week: 0,
    }
}

/// Four sbo and six so, spread over the region; a region of eight has none.
fn soort(n: usize) -> SchoolSoort {
    match n {
        15 | 26 | 47 | 70 => SchoolSoort::Sbo,
        8 | 37 | 58 | 81 | 92 | 105 => SchoolSoort::So,
        _ => SchoolSoort::Bao,
    }
}

fn pupils(soort: SchoolSoort, n: usize) -> u32 {
    match soort {
        SchoolSoort::Bao => PUPILS[(n * 7 + 12) % PUPILS.len()],
        SchoolSoort::Sbo => 130,
        SchoolSoort::So => 100,
    }
}

fn prefix(soort: SchoolSoort, denomination: &str) -> &'static str {
    match (soort, denomination) {
        (SchoolSoort::Sbo, _) => "SBO",
        (SchoolSoort::So, _) => "SO",
        (SchoolSoort::Bao, "Openbaar") => "OBS",
        (SchoolSoort::Bao, "Protestants-Christelijk") => "PCBS",
        (SchoolSoort::Bao, "Rooms-Katholiek") => "RKBS",
        (SchoolSoort::Bao, _) => "Basisschool",
    }
}

fn house_number(random: &mut Random) -> String {
    let number = 1 + random.below(180);
    match random.below(5) {
        0 => format!("{number}-a"),
        _ => number.to_string(),
    }
}
