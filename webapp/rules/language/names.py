"""First names common in the United States, in Spanish and in French, plain form: "this isn't John", "Stop, Maria".

Left out are names that are ordinary words in a reply (Will, Mark, Bill, Grace, May, Art, Sue, Drew, Chase, Austin…).
"""

from typing import Final

NAMES: Final = (
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony "
    "donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob "
    "gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander frank "
    "patrick raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle ethan walter "
    "noah jeremy keith roger terry harry sean gerald carl dylan arthur lawrence jordan jesse bryan billy bruce "
    "gabriel joe logan alan juan albert willie elijah wayne randy vincent philip ralph roy eugene russell bobby "
    "mason louis johnny mike steve dave tom tim jim bob dan matt chris tony rick ron ken jeff greg joey sam ben "
    "nick alex andy fred ted ed phil doug todd craig shawn marcus derek travis brent chad troy dustin cody jared "
    "trevor corey darren darryl jamal tyrone deshawn malik andre omar ali mary patricia jennifer linda elizabeth "
    "barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle "
    "carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen angela shirley emma "
    "brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet maria olivia heather helen "
    "catherine diane julie victoria joyce lauren kelly christina joan evelyn judith andrea hannah cheryl megan "
    "jacqueline martha madison teresa gloria sara janice kathryn sophia frances jean alice judy isabella julia "
    "denise amber danielle marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie "
    "kathy tammy jenny tina tiffany crystal erin wendy monica tracy vanessa erica veronica courtney katie kate "
    "becky jill holly stacy dana kristen tanya latoya keisha ebony jasmine monique tamika shanice aaliyah luis "
    "carlos jorge pedro miguel antonio manuel francisco javier alejandro fernando roberto ricardo eduardo sergio "
    "rafael raul ramon enrique hector oscar arturo alfredo gustavo andres diego pablo mario julio cesar ruben "
    "victor guadalupe carmen rosa ana juana elena lucia sofia gabriela claudia adriana alejandra silvia marta "
    "leticia margarita yolanda beatriz isabel raquel lupe esperanza dolores consuelo ines pilar ximena valentina "
    "pierre jacques michel philippe alain bernard francois christophe laurent nicolas olivier julien sebastien "
    "stephane guillaume antoine mathieu luc marc benoit sylvie isabelle nathalie valerie francoise sandrine "
    "celine aurelie chantal martine brigitte veronique genevieve manon camille sophie lea chloe emilie melanie "
    "jess jessie jen liz beth kim lynn rob rich jay ray leo max eli ian ivan igor raj priya wei ming nguyen "
    "mohammed muhammad ahmed fatima smith johnson garcia martinez rodriguez hernandez lopez gonzalez perez "
    "sanchez ramirez torres nelson carter phillips robinson tran patel alvarez tremblay gagnon bouchard dubois "
    "simpson kowalski"
)
