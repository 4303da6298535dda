"""Texts by the name of their place: people, companies, places, addresses of all kinds.

A row is the names (words joined; `book/title` is the title of a book), then, indented, values
between bars; a double bar starts a group that is only tried where nothing before it fits, such as
codes. Addresses are of the ranges for documentation (RFC 2606, RFC 5737, RFC 3849), telephone
numbers of those for fiction. Russian names are there as well, as many documents have them.
"""

from __future__ import annotations

PEOPLE = "Anna Petrova | Ivan Sokolov | Maria Keller | Oliver Stone"
PERSONS = (
    "user customer author person contact owner employee patient client member student teacher "
    "guest driver passenger recipient sender reviewer doctor artist actor writer lead "
    "candidate applicant cardholder beneficiary shopper payer attendee traveler profile "
    "assignee speaker shipping billing "
)
"""Who has a name of this kind."""

ROWS = """
user/name fullname displayname realname personname holdername author artist
    Anna Petrova | Ivan Sokolov | Maria Keller | Oliver Stone
assignee reviewer recipient sender patient teacher student cardholder
    Anna Petrova | Ivan Sokolov | Maria Keller | Oliver Stone
contactperson employee holder signer legalname accountholder nameoncard
    Anna Petrova | Ivan Sokolov | Maria Keller | Oliver Stone
firstname givenname forename fname имя
    Anna | Ivan | Maria | Oliver
lastname surname familyname secondname lname фамилия
    Petrova | Sokolov | Keller | Stone
middlename patronymic отчество
    Sergeevna | Maria | Lee
initials
    AP | IS | MK
salutation honorific nameprefix
    Ms. | Mr. | Dr.
gender sex
    female | male || F
username login loginname userlogin nickname nick handle screenname логин
    anna.petrova | ivan.sokolov | maria.keller || annapetrova || anna
owner assigneelogin maintainer
    anna-petrova | ivan-sokolov | maria-keller
email mail emailaddress useremail contactemail replyto bcc cc mailto почта
    anna.petrova@example.com | ivan.sokolov@example.com | maria.keller@example.org || a@b.co
email/from email/to mail/from mail/to message/email
    anna.petrova@example.com | ivan.sokolov@example.com
password passwd pass pwd newpassword пароль
    Str0ng-Passw0rd | C0rrect-Horse | Qu1et-River-42 || Passw0rd
oldpassword currentpassword
    0ld-Passw0rd | F0rmer-Horse
pin pincode
    4821 | 7306 | 1594
otp verificationcode confirmationcode
    482113 | 730652 | 159437
phone phonenumber mobile telephone tel mobilephone cell fax msisdn mobilenumber whatsapp телефон
    +15550100200 | +15550100142 | +15550100177 || 5550100200 || 555-0100
company companyname organizationname organisationname employer business businessname
merchantname vendor manufacturer supplier publisher company/name organization/name
organisation/name merchant/name vendor/name supplier/name publisher/name employer/name
    Example Ltd | Northwind GmbH | Blue Harbor Inc
organization organisation org account tenant workspace namespace group
    example-org | northwind | blue-harbor
department dept
    Engineering | Sales | Support
team team/name
    Platform | Checkout | Mobile
jobtitle occupation profession
    QA engineer | Designer | Accountant
role
    member | editor | viewer
country countryname nationality country/name страна
    Germany | France | Spain || DE | FR | ES || DEU
countrycode countryiso isocountry countryalpha2 country/code
    DE | FR | ES || DEU
countrycode3 countryalpha3
    DEU | FRA | ESP
nationalitycode
    DE | FR | ES
currency currencycode basecurrency валюта
    EUR | USD | GBP
lowercurrency
    eur | usd | gbp || EUR
city town locality cityname municipality город
    Berlin | Paris | Madrid
address/state billingaddress/state shippingaddress/state location/state region province
stateprovince county область
    Brandenburg | Provence | Andalusia || BE
statecode regioncode
    BE | BY | NW
district suburb neighborhood район
    Mitte | Pankow | Spandau
street streetaddress address addressline line line1 street1 addressline1 location адрес улица
    12 Main Street | 5 Garden Road | 48 Station Avenue || 12 Main St
line2 addressline2 street2
    Apartment 4 | Suite 12 | Floor 2
housenumber streetnumber building
    12 | 5 | 48
apartment flat unitnumber suite
    4 | 12 | 7
zip zipcode postalcode postcode postal индекс
    10115 | 14467 | 20095 || 10115-0001
timezone tz timezoneid
    Europe/Berlin | Europe/Madrid | America/New_York || UTC
locale languagetag culture
    en-US | de-DE | fr-FR || en_US || en
language lang languagecode preferredlanguage язык
    en | de | fr || eng || English
url uri link website homepage site webpage href weburl siteurl pageurl baseurl externalurl сайт
ссылка
    https://example.com/resource | https://example.org/page | https://example.com/catalog ||
    https://a.co
callback callbackurl webhook webhookurl redirecturi redirecturl returnurl successurl cancelurl
endpoint notificationurl
    https://example.com/callback | https://example.org/hook | https://example.com/return
avatar avatarurl image imageurl photo photourl picture pictureurl thumbnail logo logourl icon
iconurl cover coverurl banner poster
    https://example.com/images/1.png | https://example.com/images/2.png |
    https://example.org/3.jpg
videourl video
    https://example.com/videos/1.mp4 | https://example.com/videos/2.mp4
giturl cloneurl repositoryurl repourl
    https://example.com/team/project.git | https://example.org/tools.git
domain domainname domain/name
    example.com | example.org | example.net
subdomain
    shop | docs | status
hostname host server fqdn
    api.example.com | db.example.com | www.example.org || a.co
ip ipaddress ipv4 ipaddr clientip remoteip
    192.0.2.10 | 198.51.100.7 | 203.0.113.24
ipv6
    2001:db8::10 | 2001:db8::a7 || ::1
cidr subnet network iprange
    192.0.2.0/24 | 198.51.100.0/24
mac macaddress
    00:00:5e:00:53:01 | 00:00:5e:00:53:af
useragent agent
    Mozilla/5.0 (X11; Linux x86_64) | curl/8.5.0
iban
    DE89370400440532013000 | GB82WEST12345698765432
bic swift swiftcode
    DEUTDEFF | BNPAFRPP || DEUTDEFFXXX
vat vatnumber vatid taxid taxnumber
    DE123456789 | FR12345678901
inn инн
    7707083893 | 500100732259
cardnumber creditcard pan creditcardnumber
    4242424242424242 | 5555555555554444
cvv cvc securitycode cvv2
    123 | 456 | 1234
expirydate cardexpiry
    12/30 | 11/31 || 2030-12-31
accountnumber bankaccount
    12345678 | 87654321 || 000123456789
routingnumber sortcode
    110000000 | 108800
"""
