"""Names of countries to their codes: the short English names of ISO 3166-1."""

from __future__ import annotations

UNKNOWN = "ZZ"
"""For a country that is not known: ISO 3166-1 leaves this code to its users."""

# Code, then the names that mean this country and no other, with / between them.
_NAMES = """
AD Andorra; AE United Arab Emirates/UAE; AF Afghanistan; AG Antigua and Barbuda; AL Albania
AM Armenia; AO Angola; AR Argentina; AT Austria; AU Australia; AZ Azerbaijan
BA Bosnia and Herzegovina/Bosnia; BB Barbados; BD Bangladesh; BE Belgium; BF Burkina Faso
BG Bulgaria; BH Bahrain; BI Burundi; BJ Benin; BN Brunei/Brunei Darussalam; BO Bolivia; BR Brazil
BS Bahamas/The Bahamas; BT Bhutan; BW Botswana; BY Belarus; BZ Belize; CA Canada
CD Democratic Republic of the Congo/DR Congo; CF Central African Republic
CG Republic of the Congo; CH Switzerland; CI Côte d'Ivoire/Cote d'Ivoire/Ivory Coast; CL Chile
CM Cameroon; CN China/People's Republic of China/PRC; CO Colombia; CR Costa Rica; CU Cuba
CV Cabo Verde/Cape Verde; CY Cyprus; CZ Czechia/Czech Republic; DE Germany; DJ Djibouti
DK Denmark; DM Dominica; DO Dominican Republic; DZ Algeria; EC Ecuador; EE Estonia; EG Egypt
ER Eritrea; ES Spain; ET Ethiopia; FI Finland; FJ Fiji; FM Micronesia; FR France; GA Gabon
GB United Kingdom/UK/Great Britain; GD Grenada; GE Georgia; GH Ghana; GL Greenland; GM Gambia
GN Guinea; GQ Equatorial Guinea; GR Greece; GT Guatemala; GU Guam; GW Guinea-Bissau; GY Guyana
HK Hong Kong; HN Honduras; HR Croatia; HT Haiti; HU Hungary; ID Indonesia; IE Ireland; IL Israel
IN India; IQ Iraq; IR Iran/Islamic Republic of Iran; IS Iceland; IT Italy; JM Jamaica; JO Jordan
JP Japan; KE Kenya; KG Kyrgyzstan; KH Cambodia; KI Kiribati; KM Comoros; KN Saint Kitts and Nevis
KP North Korea; KR South Korea/Republic of Korea; KW Kuwait; KZ Kazakhstan; LA Laos; LB Lebanon
LC Saint Lucia; LI Liechtenstein; LK Sri Lanka; LR Liberia; LS Lesotho; LT Lithuania
LU Luxembourg; LV Latvia; LY Libya; MA Morocco; MC Monaco; MD Moldova/Republic of Moldova
ME Montenegro; MG Madagascar; MH Marshall Islands; MK North Macedonia/Macedonia; ML Mali
MM Myanmar/Burma; MN Mongolia; MO Macao/Macau; MR Mauritania; MT Malta; MU Mauritius; MV Maldives
MW Malawi; MX Mexico; MY Malaysia; MZ Mozambique; NA Namibia; NE Niger; NG Nigeria; NI Nicaragua
NL Netherlands/The Netherlands; NO Norway; NP Nepal; NR Nauru; NZ New Zealand; OM Oman; PA Panama
PE Peru; PG Papua New Guinea; PH Philippines; PK Pakistan; PL Poland; PR Puerto Rico; PT Portugal
PW Palau; PY Paraguay; QA Qatar; RO Romania; RS Serbia; RU Russia/Russian Federation; RW Rwanda
SA Saudi Arabia; SB Solomon Islands; SC Seychelles; SD Sudan; SE Sweden; SG Singapore; SI Slovenia
SK Slovakia/Slovak Republic; SL Sierra Leone; SM San Marino; SN Senegal; SO Somalia; SR Suriname
SS South Sudan; ST Sao Tome and Principe; SV El Salvador; SY Syria; SZ Eswatini/Swaziland; TD Chad
TG Togo; TH Thailand; TJ Tajikistan; TL Timor-Leste/East Timor; TM Turkmenistan; TN Tunisia
TO Tonga; TR Turkey/Türkiye/Turkiye; TT Trinidad and Tobago; TV Tuvalu; TW Taiwan
TZ Tanzania/United Republic of Tanzania; UA Ukraine; UG Uganda
US United States/United States of America/USA; UY Uruguay; UZ Uzbekistan; VA Holy See/Vatican City
VC Saint Vincent and the Grenadines; VE Venezuela; VN Vietnam/Viet Nam; VU Vanuatu; WS Samoa
YE Yemen; ZA South Africa; ZM Zambia; ZW Zimbabwe
"""


def _read_names() -> dict[str, str]:
    codes: dict[str, str] = {}
    for entry in _NAMES.strip().replace("\n", "; ").split("; "):
        code, _, names = entry.partition(" ")
        codes |= {name.casefold(): code for name in (code, *names.split("/"))}
    return codes


_CODES = _read_names()
CODES = frozenset(_CODES.values())
"""Codes of ISO 3166-1 alpha-2."""


def country_code(name: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a country, `UNKNOWN` for a name not in the list.

    Names that mean more than one country ("Korea", "Congo") are not in it.

    Examples
    --------
    >>> country_code("Czech Republic"), country_code("gh"), country_code("Korea")
    ('CZ', 'GH', 'ZZ')
    """
    return _CODES.get(" ".join(name.split()).casefold(), UNKNOWN)
