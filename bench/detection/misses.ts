/** Why a target is missed, by its id: by hand, and shown only where it is. */
export const misses: Readonly<Record<string, string>> = {
  "noisy-source":
    "Several failures of one account from one address are, far more often than a guesser's, a phone's with an old password, at home or on a journey. Where an account is tried at a device's pace, ten guesses do not tell the two apart, and a few accounts at one address may be a family's or an office's devices after everybody's passwords changed. What guesses faster than devices do, or at more accounts, is declared within five to ten.",
  "classic-spray":
    "An address is declared at the fifth account on which it fails and never got in, four where the names do not exist. A handful of addresses that share the list take the fifth account of the first of them; then the others are known, too.",
  fingerprint:
    "One password on three accounts is chance where many people use it, and the test counts accounts and networks against its ordinary popularity. A password that all the internet's bots try takes more, since they are part of what is usual.",
  "slow-200":
    "Without the password a guess from a fresh address is no different from a member's first failure at an inn or on a new phone. Most of these are resolved within minutes; what shows is the excess over the few a day that are not, and an alarm that may be false once a year needs that excess some hours long. With a fingerprint the same attack shows within five guesses, and peers that see passwords need some twenty.",
  "slow-50":
    "In four hours of 50 a day come eight guesses, some of them on names that do not exist or from where members are at home, which do not count. No site is held to be calmer than a tenth of what is usual elsewhere, and ten guesses that nothing resolves are what it takes from there; a site that the log shows for a few days only is not yet known to be calm.",
  "slow-20": "20 guesses a day are fewer than what is usual here on most days: the sum needs days, or the fingerprint.",
  "slow-noise":
    "In 2,500 guesses a day of noise, of which every tenth meets a name that exists, a few hundred more are within what a busy night brings; names that exist and names that do not have charts of their own, which is what finds them at all.",
  "address-precision":
    "Once a campaign is declared, what failed as it fails, meanwhile, is listed with it: among slow guesses from everywhere that takes in some everyday bots that tried names that exist, and members who failed from somewhere new and never came back. Hindsight takes back whoever got in. The share is largest where the noise is: in 2,500 bots' guesses a day, and where the campaign itself is small.",
  "address-recall-day":
    "What came from a carrier of the members' own, or from an address that some member uses, is not listed: it may be a member's.",
  "address-recall-round":
    "What came from a carrier of the members' own, or from an address that some member uses, is not listed: it may be a member's.",
  "fallen-precision":
    "A member who signs in for the first time from an address that guessed, a carrier's or a hotel's, is told as suspected. Where members share addresses with the attacker this costs most; and a sign-in from elsewhere that is nine tenths likely a thief's is a member's on a journey in some cases. The report says suspected, not confirmed.",
  "fallen-recall":
    "Where every address guesses once, the one that hits has failed on nobody: its sign-in looks like a member's from a new place, and no rule without the password can say otherwise. The report names these sign-ins as ones to ask about instead, likeliest first; they are not counted as found here. Delegated and shared mailboxes are not in sign-in logs at all: they need the directory.",
  "fault-minutes":
    "An outage shows within minutes, since nobody gets in. Where a cohort's passwords are wrong, or one server of three refuses, most people still get in, and each who does not looks like somebody who forgot a password: it takes enough of them, each failing again and again, to be no chance, and that follows how many come in a quarter of an hour. We asked at 5, 10, 15, 20, 30, 45 and 60 minutes and later, so that the figure is rounded up.",
  "false-alarms":
    "Two of the four years of ordinary days had one each; the other nineteen are in the two years with 2,500 guesses a day of noise. Of a few hundred thousand bots' addresses some are far louder than nearly all others, or hit several names that exist in a row, and are told as small campaigns of an address or two. That is what they are, and no more than everyday there.",
  "fault-no-attack":
    "In both an everyday bot hit several names that exist in a row while or before the directory was out, and was told as a spray of one address, beside the fault, which was named. The fault's own failures were called an attack in none.",
  both: "As above: the attack is declared long before in most of these runs; the fault is what takes longer, above all where only one client's new release is broken, which people install over hours.",
  "familiar-refused":
    "Some of the addresses that an attacker uses are members' own, a carrier's or a gateway's. The report says of each address how many of your own sign in from it, and those that many share are never to be shut out; but one that a member uses now and then is listed. A gate that lets an account in from where it is at home refuses none of these.",
  refused:
    "Addresses of carriers go from one customer to the next: a member gets one that guessed days before. Blocks that end after a day or two cost less than this figure, which never lifts them.",
  "stolen-flagged":
    "A thief who comes from the account's own network with its own client is not told from the owner by anything that a log has.",
  "stolen-challenged": "The threshold is set for a tenth.",
};

/** Why a target cannot be measured yet. */
export const unmeasured: Readonly<Record<string, string>> = {
  traveller: "Challenges are the gate's; what it does to travellers is measured apart (bench/detection/gate.ts).",
};
