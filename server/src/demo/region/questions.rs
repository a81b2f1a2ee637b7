//! What schools asked of the teams in the year before the first day, and what came of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_client::v1::hulpvraag::Category;
use schakel_domain::access::Role;

use super::{
    Region,
    calendar::offset,
    courses::Deed,
    past::PastCase,
    people::Person,
    schools::School,
    teams::{Area, Team},
};

/// Something that a school asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastQuestion {
    /// Vestigingscode.
    pub school: String,
    /// The intern begeleider who asks: a person's code.
    pub iber: String,
    /// Who answers for the team: a person's code.
    pub coordinator: String,
    /// As what somebody is asked.
    pub role: Role,
    /// Who takes it: a person's code.
    pub helper: String,
    pub category: Category,
    pub text: &'static str,
    /// Which of the cases of the year it is about; none of a child that is not named.
    pub case: Option<usize>,
    /// What was done on which day, in order. All of it lies before the first day.
    pub steps: Vec<(NaiveDate, Step)>,
}

/// What is done with a question on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The school asks.
    Asks,
    /// Somebody of the team takes it.
    Accepts,
    /// Nobody does.
    Declines,
    /// They are invited for this day.
    Books(NaiveDate),
    /// They meet.
    Meets,
    /// It has been answered.
    Finishes,
}

/// What becomes of a question.
#[derive(Clone, Copy)]
enum Fate {
    /// They meet so many days later at the earliest.
    Talks(i64),
    /// It is answered without a meeting.
    Helped,
    Declined,
    /// The team has not answered yet.
    Waits,
}

struct Wish {
    /// Calendar days before the first day; at least 3, so that a weekend lies before it too.
    ago: i64,
    category: Category,
    text: &'static str,
    fate: Fate,
}

const fn wish(ago: i64, category: Category, text: &'static str, fate: Fate) -> Wish {
    Wish { ago, category, text, fate }
}

/// About no child in particular.
static WISHES: [Wish; 11] = [
    wish(331, Category::Gedrag, "In groep 5 lopen kinderen de klas uit. Wie denkt mee?", Fate::Talks(6)),
    wish(298, Category::Gezin, "Ouders vragen hoe zij thuis rust krijgen. Wie komt vertellen?", Fate::Helped),
    wish(262, Category::Emotie, "Na een verlies in de groep: hoe praten we erover?", Fate::Talks(12)),
    wish(229, Category::Leren, "Waar kan een kind heen dat vastloopt met lezen?", Fate::Declined),
    wish(
        196,
        Category::Veiligheid,
        "Er is ruzie op de weg naar huis. Wat kan de wijk doen?",
        Fate::Talks(20),
    ),
    wish(165, Category::Gedrag, "Een kleuter bijt. Wat doen wij, en wat doen ouders?", Fate::Talks(9)),
    wish(131, Category::Gezin, "Welke hulp is er voor een gezin met schulden?", Fate::Helped),
    wish(97, Category::Emotie, "Een kind durft niet te praten. Hoe beginnen we?", Fate::Talks(33)),
    wish(72, Category::Gezondheid, "Kinderen komen zonder ontbijt. Wie helpt?", Fate::Helped),
    wish(54, Category::Leren, "Is er iemand die thuis helpt met huiswerk?", Fate::Declined),
    wish(3, Category::Gezin, "Wie kan met ouders praten over slapen en schermen?", Fate::Waits),
];

/// Every so many cases the school asked for somebody, and counting begins here.
const EVERY: usize = 7;
const FIRST: usize = 2;
/// What it asked.
const OF_A_CHILD: &str = "Wie denkt met school en ouders mee over de weg terug?";

/// Who of a team answers on a day: the coordinator, as what somebody is asked, and who that is.
type Answering<'a> = (&'a Person, Role, &'a Person);

impl Region {
    /// The questions of the year before, about the cases of `past` and about no child, none of them to the team
    /// of the story: its people begin with an empty list.
    pub fn questions(&self, past: &[PastCase]) -> Vec<PastQuestion> {
        let mut asked = Vec::new();
        let mut taken = Taken::of(past);
        for (nth, case) in past.iter().enumerate().skip(FIRST).step_by(EVERY) {
            asked.extend(self.about(&mut taken, (nth, case)));
        }
        let mut places: Vec<(&School, &str)> = Vec::new();
        for case in past {
            let school = self.schools.iter().find(|school| Some(&school.code) == case.seed.school.as_ref());
            let Some(school) = school else { continue };
            if places.iter().all(|(known, _)| known.code != school.code) {
                places.push((school, &case.iber));
            }
        }
        for (nth, wish) in WISHES.iter().enumerate() {
            let mut turn = places.iter().cycle().skip(nth).take(places.len());
            asked.extend(turn.find_map(|at| self.wished(&mut taken, wish, (*at, nth))));
        }
        asked
    }

    /// About a case, the day after it was opened; they meet while it is open.
    fn about(&self, taken: &mut Taken, (nth, case): (usize, &PastCase)) -> Option<PastQuestion> {
        let school = self.schools.iter().find(|school| Some(&school.code) == case.seed.school.as_ref())?;
        let day = offset(case.deeds.first()?.0, 1);
        let (coordinator, role, helper) = self.answers((school, &case.iber), day, nth)?;
        let ended = case.deeds.iter().find(|(_, deed)| matches!(deed, Deed::Ends(_)));
        let last = ended.map_or(self.first_day, |(day, _)| *day);
        let held = taken.free((&case.iber, &helper.code), offset(day, 6 + i64::try_from(nth % 3).ok()? * 4));
        (held < last).then(|| PastQuestion {
            school: school.code.clone(),
            iber: case.iber.clone(),
            coordinator: coordinator.code.clone(),
            role,
            helper: helper.code.clone(),
            category: Category::Verzuim,
            text: OF_A_CHILD,
            case: Some(nth),
            steps: talks(day, held),
        })
    }

    fn wished(
        &self,
        taken: &mut Taken,
        wish: &Wish,
        ((school, iber), nth): ((&School, &str), usize),
    ) -> Option<PastQuestion> {
        let day = offset(self.first_day, -wish.ago);
        let (coordinator, role, helper) = self.answers((school, iber), day, nth)?;
        let steps = match wish.fate {
            Fate::Talks(days) => talks(day, taken.free((iber, &helper.code), offset(day, days))),
            Fate::Helped => {
                vec![(day, Step::Asks), (offset(day, 1), Step::Accepts), (offset(day, 15), Step::Finishes)]
            }
            Fate::Declined => vec![(day, Step::Asks), (offset(day, 2), Step::Declines)],
            Fate::Waits => vec![(day, Step::Asks)],
        };
        Some(PastQuestion {
            school: school.code.clone(),
            iber: iber.to_owned(),
            coordinator: coordinator.code.clone(),
            role,
            helper: helper.code.clone(),
            category: wish.category,
            text: wish.text,
            case: None,
            steps,
        })
    }

    /// Who answers a question of that school on that day, when routing goes to the team of its wijk; every
    /// other question is one for a family worker first.
    fn answers(&self, (school, iber): (&School, &str), day: NaiveDate, nth: usize) -> Option<Answering<'_>> {
        let team = self.teams.iter().find(|team| team.code == school.team)?;
        // Who has one post need not say for which they act.
        let one = self.people.iter().find(|person| person.code == iber && person.affiliations.len() == 1);
        if one.is_none() || team.code == self.people_of_the_story().team || !serves(team, school) {
            return None;
        }
        let there = |role: Role| {
            self.people.iter().find(|person| {
                let mut posts = person.affiliations.iter();
                person.affiliations.len() == 1
                    && posts.any(|at| at.role == role && at.organisation == team.code && at.since <= day)
            })
        };
        let mut links = self.links.iter().filter(|link| link.school == school.code && link.since <= day);
        // A school that is tied to several teams has family workers of one of them, whichever comes first.
        let is_of_one = links.all(|link| link.team == team.code);
        let wanted = if nth.is_multiple_of(2) {
            [Role::Smw, Role::Gezinswerker]
        } else {
            [Role::Gezinswerker, Role::Smw]
        };
        let mut wanted = wanted.into_iter().filter(|role| is_of_one || *role == Role::Smw);
        let (role, helper) = wanted.find_map(|role| Some((role, there(role)?)))?;
        Some((there(Role::WijkteamCoordinator)?, role, helper))
    }
}

/// Whether the team works where the school stands, by what a school alone tells.
fn serves(team: &Team, school: &School) -> bool {
    team.areas.iter().any(|area| match area {
        Area::Wijk(code) => *code == school.wijk,
        Area::Gemeente(code) => *code == school.gemeente,
        Area::School(code) => *code == school.code,
        Area::Postcode(_) => false,
    })
}

/// Asked on `day`, and they meet on the day `held`.
fn talks(day: NaiveDate, held: NaiveDate) -> Vec<(NaiveDate, Step)> {
    vec![
        (day, Step::Asks),
        (offset(day, 1), Step::Accepts),
        (offset(day, 2), Step::Books(held)),
        (held, Step::Meets),
        (held, Step::Finishes),
    ]
}

/// Days on which somebody meets already.
struct Taken(BTreeSet<(String, NaiveDate)>);

impl Taken {
    /// Those on which families were met.
    fn of(past: &[PastCase]) -> Self {
        let of_case = |case: &PastCase| {
            let met = case.deeds.iter().filter(|(_, deed)| *deed == Deed::Meets);
            met.map(|(day, _)| (case.iber.clone(), *day)).collect::<Vec<_>>()
        };
        Self(past.iter().flat_map(of_case).collect())
    }

    /// The first day from `day` on that neither has taken; both have it then.
    fn free(&mut self, (one, other): (&str, &str), mut day: NaiveDate) -> NaiveDate {
        let both = |day| [(one.to_owned(), day), (other.to_owned(), day)];
        while both(day).iter().any(|at| self.0.contains(at)) {
            day = offset(day, 1);
        }
        self.0.extend(both(day));
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::region::{Size, YEAR};

    /// A Saturday, two Mondays, and the days around which a school year turns.
    const DAYS: [(i32, u32, u32); 5] =
        [(2026, 11, 21), (2026, 11, 23), (2027, 2, 1), (2027, 7, 30), (2027, 8, 3)];

    fn all() -> impl Iterator<Item = (Region, Vec<PastCase>, Vec<PastQuestion>)> {
        let sizes = [Size::Full, Size::Small].into_iter();
        let days = sizes.flat_map(|size| DAYS.into_iter().map(move |day| (size, day)));
        days.map(|(size, (year, month, day))| {
            let first_day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let region = Region::generate(size, 9901, first_day);
            let past = region.past(9901);
            let questions = region.questions(&past);
            (region, past, questions)
        })
    }

    #[test]
    fn questions_of_several_schools_end_in_every_way() {
        for (region, _, questions) in all() {
            let told = format!("{:?} on {}: {questions:?}", region.size, region.first_day);
            assert!((10..=20).contains(&questions.len()), "{told}");
            let schools: BTreeSet<&String> = questions.iter().map(|question| &question.school).collect();
            assert!(schools.len() >= 2, "{told}");
            let last = |question: &PastQuestion| question.steps.last().map(|(_, step)| *step);
            let ends = |step: Step| questions.iter().filter(|one| last(one) == Some(step)).count();
            assert!(
                ends(Step::Finishes) >= 5 && ends(Step::Declines) >= 1 && ends(Step::Asks) == 1,
                "{told}"
            );
            assert!(questions.iter().any(|question| question.case.is_some()), "{told}");
        }
    }

    #[test]
    fn each_goes_on_on_working_days_of_the_year_before_and_while_its_case_is_open() {
        for (region, past, questions) in all() {
            for question in questions {
                let days: Vec<NaiveDate> = question.steps.iter().map(|(day, _)| *day).collect();
                assert!(days.is_sorted() && days.iter().all(|day| *day < region.first_day), "{question:?}");
                assert!(days[0] > region.first_day - YEAR && days.iter().all(|day| offset(*day, 0) == *day));
                let Some(case) = question.case.map(|nth| &past[nth]) else { continue };
                assert_eq!(Some(&question.school), case.seed.school.as_ref());
                assert_eq!(question.iber, case.iber);
                let ended = case.deeds.iter().find(|(_, deed)| matches!(deed, Deed::Ends(_)));
                assert!(days[0] > case.deeds[0].0 && ended.is_none_or(|(day, _)| days.last() < Some(day)));
            }
        }
    }

    #[test]
    fn nobody_of_the_story_is_asked_and_who_answers_is_in_service() {
        for (region, _, questions) in all() {
            let story = region.people_of_the_story();
            for question in questions {
                assert!(question.school != story.school && question.coordinator != story.coordinator);
                for code in [&question.iber, &question.coordinator, &question.helper] {
                    let person = region.people.iter().find(|person| person.code == *code).unwrap();
                    assert_eq!(person.affiliations.len(), 1, "{code}");
                    assert!(person.affiliations[0].since <= question.steps[0].0, "{code}");
                }
            }
        }
    }
}
