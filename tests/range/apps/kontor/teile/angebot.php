<?php echo "<p>Wochenangebot: Bautrockner zum halben Preis.</p>";
