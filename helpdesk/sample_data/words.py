"""Names and problems for sample tickets. Nobody is meant by any of them."""

FIRST_NAMES = (
    "Amira Ben Chloe Daniel Ewa Farah Grace Hassan Imogen Jaspreet Kofi Lena Marcus Nadia Owen Priya "
    "Rhys Sunita Tom Uzma Victor Wei Yusuf Zoe"
).split()
LAST_NAMES = (
    "Ahmed Bailey Carter Davies Evans Fofanah Green Hughes Iqbal Jones Kaur Lewis Mistry Nowak Obi Patel "
    "Quinn Reilly Shah Taylor Usman Vaughan Williams Young"
).split()
PLACES = (
    "Station Road,High Street,Elm Grove,Riverside,Castle,Moorland,Valley,Market Place,Church Lane,Mill Hill,"
    "Parkside,Bridge Street,Victoria Road,Kingsway,Meadow,The Green"
).split(",")
SHOPS = ("Pharmacy", "Chemist", "Health Centre Pharmacy", "Late Night Pharmacy")
PROBLEMS = {
    "barcodes": "The QR code will not scan",
    "locums": "A locum needs to log in today",
    "authenticators": "New phone, and no codes on it",
    "steps": "Set-up stopped half way",
    "codes": "The code is refused each time",
    "access": "Locked out after five tries",
    "resets": "Needs an MFA reset, the administrator is away",
    "accounts": "New member of staff has no account",
    "contact": "Does not know whom to ask",
}
OTHER_PROBLEM = "Cannot log in to PharmOutcomes"
